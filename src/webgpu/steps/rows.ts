import type { MapMemory } from '../map-memory.ts'
import type { Bound, ComputeStep } from '../shader.ts'
import type { Submit } from '../submit.ts'

/** Records the pass of a step that takes one workgroup per row (class) of every page. */
export function passOverRows(
  submit: Submit,
  name: string,
  step: ComputeStep,
  memory: MapMemory,
  pages: number,
  bound: Readonly<Record<string, Bound>>,
): void {
  const workgroups = [memory.shape.axes.classBins, pages] as const
  submit.pass(name, pass => step.dispatch(pass, { shape: memory.shapeBuffer, ...bound }, workgroups))
}
