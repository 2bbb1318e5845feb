import shader from '../../../shaders/draw/ceilings.wgsl?layer=trades'
import type { Shader, StructLayout } from '../../engine/shader.ts'
import { PAGE_PRICES } from '../../grid/axes.ts'
import { MOST_WORKGROUPS, Usage } from '../../webgpu/flags.ts'
import { type Bound, ComputeStep } from '../../webgpu/shader.ts'
import type { SceneLook } from '../frame/frame.ts'
import type { PagePlace } from '../frame/geometry.ts'
import { oncePerDevice } from './per-device.ts'

const stepOf = oncePerDevice((device, one: Shader) => ComputeStep.create(device, one))

/**
 * The GPU counterpart of `ceilingOf`, for all pages: 64 numbers per slot, followed by one per slot, the
 * highest of the page. Kept until the pages or the look change.
 */
export class PageCeilings {
  private buffer: GPUBuffer | null = null
  private made: {
    readonly pages: DrawnPages['pages']
    readonly scores: Bound
    readonly shown: string
  } | null = null

  private constructor(
    private readonly device: GPUDevice,
    private readonly step: ComputeStep,
  ) {}

  /** @throws {VoxriskError} `device-error` if the device rejects the shader */
  static async create(device: GPUDevice): Promise<PageCeilings> {
    return new PageCeilings(device, await stepOf(device, shader))
  }

  get sceneLayout(): StructLayout {
    return this.step.struct('Scene')
  }

  /**
   * Returns the ceilings of a scene's pages. If they need computing, the work is submitted immediately.
   * @param bound what the shader reads; must already be written
   */
  update(
    bound: Pick<Record<string, Bound>, 'scene' | 'scores' | 'details'>,
    { pages, scores }: Pick<DrawnPages, 'pages' | 'scores'>,
    sizeBins: number,
    look: Pick<SceneLook, 'measure' | 'size'>,
  ): GPUBuffer {
    const shown = `${look.measure} ${look.size}`
    const { made } = this
    if (this.buffer && made?.pages === pages && made.scores === scores && made.shown === shown) {
      return this.buffer
    }
    const slots = Math.floor(scores.size / (4 * PAGE_PRICES * sizeBins))
    const ceilings = this.room(slots)
    const encoder = this.device.createCommandEncoder({ label: 'voxrisk ceilings' })
    const pass = encoder.beginComputePass({ label: 'voxrisk ceilings' })
    this.step.dispatch(pass, { ...bound, ceilings }, [
      Math.min(slots, MOST_WORKGROUPS),
      Math.ceil(slots / MOST_WORKGROUPS),
    ])
    pass.end()
    this.device.queue.submit([encoder.finish()])
    this.made = { pages, scores, shown }
    return ceilings
  }

  destroy(): void {
    this.buffer?.destroy()
  }

  private room(slots: number): GPUBuffer {
    const size = 4 * (PAGE_PRICES + 1) * slots
    if (this.buffer?.size !== size) {
      this.buffer?.destroy()
      this.buffer = this.device.createBuffer({ label: 'voxrisk ceilings', size, usage: Usage.storage })
    }
    return this.buffer as GPUBuffer
  }
}

/** The part of `ScorePages` that is drawn. */
export interface DrawnPages {
  readonly scores: GPUBuffer
  readonly details: GPUBuffer | null
  /** A new array whenever it changes. */
  readonly pages: readonly PagePlace[]
}
