import type { EventBatch } from '../../engine/work.ts'
import type { MapMemory } from '../map-memory.ts'
import type { Pipelines } from '../pipelines.ts'
import type { Submit } from '../submit.ts'

/** Uploads a batch and adds its events to the raw moments. Mirrors the layer's `bin()` and its shader. */
export function bin(
  device: GPUDevice,
  memory: MapMemory,
  pipelines: Pipelines,
  submit: Submit,
  { words, entries, pages }: EventBatch,
): void {
  const { event } = memory.shape.layer
  memory.raw.reserve(pages)
  const events = memory.eventsFor(words.byteLength)
  device.queue.writeBuffer(events, 0, words, 0, event.words * entries)
  submit.pass('bin', pass =>
    pipelines.bin.dispatch(
      pass,
      {
        shape: memory.shapeBuffer,
        events: { buffer: events, size: 4 * event.words * entries },
        raw: memory.raw.buffer,
      },
      [Math.ceil(entries / event.perWorkgroup)],
    ),
  )
}
