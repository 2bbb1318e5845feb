import { checkShape } from '../engine/check-shape.ts'
import type { LayerShaders } from '../engine/shader.ts'
import type { Backend, MapShape } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import { LAYER_SHADERS } from '../layers/shaders.ts'
import { isSoftwareAdapter } from './device-request.ts'
import { WebGpuSteps } from './map-steps.ts'
import { createPipelines, type Pipelines } from './pipelines.ts'

/** How to use a device. */
export interface WebGpuBackendOptions {
  /** Destroy the device together with the backend; by default it is borrowed. */
  readonly ownsDevice?: boolean
  /**
   * Time every kernel on the device's own clock; see `RiskMap.deviceSeconds`. The device needs the feature
   * `timestamp-query`. Default false.
   */
  readonly timestamps?: boolean
  /** Linked shaders of layers of your own, by layer name. */
  readonly shaders?: Readonly<Record<string, LayerShaders>>
}

/**
 * A backend that runs the steps on a WebGPU device. WebGPU's default limits are enough: it uses 6 storage
 * buffers per stage and 4 KiB of workgroup memory. A larger `maxStorageBufferBindingSize` makes room for more
 * pages.
 * @param device borrowed unless `ownsDevice`; `RiskMap.destroy()` frees the buffers made on it
 * @throws {VoxriskError} `bad-setting` when `timestamps` is set but the device does not support them
 */
export function webgpuBackend(device: GPUDevice, options: WebGpuBackendOptions = {}): Backend {
  const timestamps = options.timestamps ?? false
  if (timestamps && !device.features.has('timestamp-query')) {
    throw new VoxriskError(
      'bad-setting',
      'the device has no timestamps',
      "Request the device with the feature 'timestamp-query', or measure without timestamps.",
      { settings: ['timestamps'] },
    )
  }
  const shaders = { ...LAYER_SHADERS, ...options.shaders }
  const pipelines = new Map<string, Promise<Pipelines>>()
  let destroyed = false
  return {
    name: 'webgpu',
    adapter: describeAdapter(device),
    async open(shape: MapShape) {
      if (destroyed) throw new VoxriskError('bad-state', 'the backend was destroyed', 'Make a new one.')
      checkShape(shape)
      const { name } = shape.layer
      if (!shaders[name]) {
        throw new VoxriskError(
          'bad-setting',
          `the backend has no shaders for the layer ${name}`,
          'Pass them to webgpuBackend() as `shaders`.',
        )
      }
      if (!pipelines.has(name)) pipelines.set(name, createPipelines(device, shaders[name]))
      let ready: Pipelines
      try {
        ready = await pipelines.get(name)!
      } catch (error) {
        pipelines.delete(name) // a later map may have better luck
        throw error
      }
      const steps = new WebGpuSteps(device, ready, shape, timestamps)
      try {
        await steps.settle(0)
      } catch (error) {
        steps.destroy()
        throw error
      }
      return steps
    },
    destroy() {
      if (!destroyed && options.ownsDevice) device.destroy()
      destroyed = true
    },
  }
}

/** Name of a device's adapter, as far as it gives one, with `(software)` for a software adapter. */
function describeAdapter(device: GPUDevice): string {
  const info: GPUAdapterInfo | undefined = device.adapterInfo // undefined in older browsers
  if (!info) return 'unnamed adapter'
  const { vendor, architecture, device: model, description } = info
  const words = [
    description || model || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter',
  ]
  if (isSoftwareAdapter(info)) words.push('(software)')
  return words.join(' ')
}
