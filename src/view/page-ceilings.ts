import shader from '../../shaders/draw/ceilings.wgsl'
import { PAGE_PRICES } from '../grid/axes.ts'
import { Usage } from '../webgpu/flags.ts'
import { type Bound, ComputeStep } from '../webgpu/shader.ts'
import type { Frame } from './frame.ts'
import type { Extent } from './geometry.ts'

/** Workgroups in a row of a dispatch: WebGPU's limit. */
const MOST_GROUPS = 65_535

/** On the GPU what `ceilingOf` is on the host, for all pages: 64 numbers a slot. Kept while pages and look stay as they are. */
export class PageCeilings {
  private buffer: GPUBuffer | null = null
  private made: { readonly extent: Extent; readonly scores: Bound; readonly shown: string } | null = null

  private constructor(
    private readonly device: GPUDevice,
    private readonly step: ComputeStep,
  ) {}

  /** @throws {VoxriskError} `device-error` when the device refuses the shader */
  static async create(device: GPUDevice): Promise<PageCeilings> {
    return new PageCeilings(device, await ComputeStep.create(device, shader))
  }

  /**
   * The ceilings of the scene's pages; what they need is submitted at once.
   * @param frame whose extent is another object whenever the pages have changed, as that of `Scene` is
   */
  update({ scene, scores, picture }: Record<string, Bound>, { extent, geometry, look }: Frame): GPUBuffer {
    const shown = `${look.measure} ${look.size}`
    const { made } = this
    if (this.buffer && made?.extent === extent && made.scores === scores && made.shown === shown) {
      return this.buffer
    }
    const slots = Math.floor((scores as GPUBuffer).size / (4 * PAGE_PRICES * geometry.grid.sizeBins))
    const ceilings = this.room(slots)
    const encoder = this.device.createCommandEncoder({ label: 'voxrisk ceilings' })
    const pass = encoder.beginComputePass({ label: 'voxrisk ceilings' })
    this.step.dispatch(pass, { scene, scores, picture, ceilings }, [
      Math.min(slots, MOST_GROUPS),
      Math.ceil(slots / MOST_GROUPS),
    ])
    pass.end()
    this.device.queue.submit([encoder.finish()])
    this.made = { extent, scores, shown }
    return ceilings
  }

  destroy(): void {
    this.buffer?.destroy()
  }

  private room(slots: number): GPUBuffer {
    const size = 4 * PAGE_PRICES * slots
    if (this.buffer?.size !== size) {
      this.buffer?.destroy()
      this.buffer = this.device.createBuffer({ label: 'voxrisk ceilings', size, usage: Usage.storage })
    }
    return this.buffer as GPUBuffer
  }
}
