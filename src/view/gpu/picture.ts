import type { ScorePages } from '../../engine/steps.ts'
import { VoxriskError } from '../../errors.ts'
import { DeviceWatch } from '../../webgpu/device-watch.ts'
import type { Bound } from '../../webgpu/shader.ts'
import type { OrbitCamera } from '../frame/camera.ts'
import type { Frame, SceneLook } from '../frame/frame.ts'
import type { Geometry } from '../frame/geometry.ts'
import type { Plot } from '../frame/plot.ts'
import { type Painters, paintersOf } from './painters.ts'
import { Scene } from './scene.ts'

/** The picture in a canvas of a map on a GPU. It draws straight from the map's score pages. */
export class GpuPicture {
  private readonly watch: DeviceWatch
  private readonly context: GPUCanvasContext
  private painters: Painters | null = null
  private scene: Scene | null = null
  private destroyed = false
  /** Resolves when the shaders are compiled, or refused. */
  readonly compiled: Promise<void>

  /**
   * @param onReady called when the shaders are compiled; frames before that are empty
   * @throws {VoxriskError} `bad-state` if the canvas has a context of another kind
   */
  constructor(
    readonly device: GPUDevice,
    private readonly canvas: HTMLCanvasElement,
    private readonly onReady: () => void,
    private readonly onError: (error: Error) => void,
  ) {
    this.watch = new DeviceWatch(device)
    const context = canvas.getContext('webgpu')
    if (!context) {
      throw new VoxriskError(
        'bad-state',
        'the canvas has a context of another kind, so WebGPU cannot draw into it',
        'Give the view a canvas of its own.',
      )
    }
    this.context = context
    const format = navigator.gpu.getPreferredCanvasFormat()
    this.context.configure({ device, format, alphaMode: 'premultiplied' })
    this.compiled = Promise.all([paintersOf(device, format), Scene.create(device)]).then(
      ([painters, scene]) => {
        if (this.destroyed) return scene.destroy()
        this.painters = painters
        this.scene = scene
        this.onReady()
      },
      error => this.fail(error),
    )
  }

  /**
   * Takes the map's current pages.
   * @returns null while there is nothing to draw or the shaders are not ready
   */
  prepare(kept: ScorePages, { grid }: Geometry, look: SceneLook): Record<string, Bound> | null {
    return this.guard(() => this.scene?.update(kept, grid.sizeBins, look) ?? null) ?? null
  }

  drawVolume(bound: Record<string, Bound>, frame: Frame, camera: OrbitCamera): void {
    this.pass(pass => this.painters?.volume.draw(pass, bound, frame, camera))
  }

  drawSlices(bound: Record<string, Bound>, frame: Frame, plot: Plot): void {
    this.pass(pass => this.painters?.slices.draw(pass, bound, frame, plot))
  }

  /** Clears the canvas. */
  clear(): void {
    this.pass(() => {})
  }

  /** Resolves when the GPU has finished all submitted work, with the seconds it took. */
  async done(): Promise<number> {
    const start = performance.now()
    await this.device.queue.onSubmittedWorkDone()
    return (performance.now() - start) / 1000
  }

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.scene?.destroy()
    this.context.unconfigure()
  }

  private pass(record: (pass: GPURenderPassEncoder) => void): void {
    if (this.canvas.width === 0 || this.canvas.height === 0) return
    this.guard(() => {
      const encoder = this.device.createCommandEncoder({ label: 'voxrisk view' })
      const pass = encoder.beginRenderPass({
        label: 'voxrisk view',
        colorAttachments: [
          { view: this.context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store' },
        ],
      })
      record(pass)
      pass.end()
      this.device.queue.submit([encoder.finish()])
    })
  }

  private guard<T>(run: () => T): T | undefined {
    try {
      const result = this.watch.guard(run)
      this.watch.settle().catch(error => this.fail(error))
      return result
    } catch (error) {
      this.fail(error as Error)
      return undefined
    }
  }

  /** A failed picture stops drawing and is cleared, so that it does not stay under other axes. */
  private fail(error: Error): void {
    if (this.destroyed) return
    this.destroy()
    this.onError(error)
  }
}
