import type { LayerShaders } from '../engine/shader.ts'
import type { Backend, MapShape } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import { LAYER_SHADERS } from '../layers/shaders.ts'
import { WebGpuSteps } from './map-steps.ts'
import { createPipelines, type Pipelines } from './pipelines.ts'

/** How a device is used. */
export interface WebGpuBackendOptions {
  /** Destroy the device with the backend; by default it is borrowed. */
  readonly ownsDevice?: boolean
  /**
   * Time every kernel on the device's own clock, see `RiskMap.deviceSeconds`; default false. The device needs the feature
   * `timestamp-query`.
   */
  readonly timestamps?: boolean
  /** Linked shaders of layers that voxrisk does not bring, by the layer's name. */
  readonly shaders?: Readonly<Record<string, LayerShaders>>
}

/**
 * The steps on a WebGPU device. Any device with WebGPU's default limits serves (6 storage buffers a stage, 4 KiB of
 * workgroup memory are used); a larger `maxStorageBufferBindingSize` holds more pages.
 * @param device borrowed unless `ownsDevice`; buffers made on it are freed by `RiskMap.destroy()`
 * @throws {VoxriskError} `bad-setting` when timestamps are asked of a device without them
 */
export function webgpuBackend(device: GPUDevice, options: WebGpuBackendOptions = {}): Backend {
  const timestamps = options.timestamps ?? false
  if (timestamps && !device.features.has('timestamp-query')) {
    throw new VoxriskError(
      'bad-setting',
      'the device has no timestamps',
      "Ask the adapter for the feature 'timestamp-query', or measure without timestamps.",
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
      const { name } = shape.layer
      if (!shaders[name]) {
        throw new VoxriskError(
          'bad-setting',
          `the backend has no shaders of the layer ${name}`,
          'Hand them to webgpuBackend() as `shaders`.',
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

/** Vendor, architecture and description of a device's adapter, as far as it tells; `(software)` where it is one. */
function describeAdapter(device: GPUDevice): string {
  const info: GPUAdapterInfo | undefined = device.adapterInfo // older browsers do not tell
  if (!info) return 'unnamed adapter'
  const { vendor, architecture, device: model, description } = info
  const words = [
    description || model || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter',
  ]
  if (isSoftwareAdapter(info)) words.push('(software)')
  return words.join(' ')
}

/**
 * Whether an adapter renders on the CPU. One that tells nothing of itself is taken for such a one: what is called a GPU has
 * to be one.
 * @param info `GPUAdapter.info` or `GPUDevice.adapterInfo`; undefined in older browsers
 */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (!info) return true
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i.test(names)
}
