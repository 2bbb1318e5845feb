import { VoxriskError } from '../errors.ts'
import { chooseAdapter, deviceRequest } from '../webgpu/device-request.ts'

/**
 * The object that `create()` of the package `webgpu` returned. Dawn crashes if it is garbage-collected while
 * a device exists, so we keep it for the life of the process.
 */
let dawn: GPU | undefined

/** Which adapters to accept. */
export interface OpenDeviceOptions {
  /** Accept an adapter that renders on the CPU; default false. */
  readonly software?: boolean
}

/**
 * Opens a GPU device in Node through the optional package `webgpu` (Dawn), with the largest buffers the
 * adapter offers, and timestamps if it supports them. The caller owns it: call `device.destroy()` when done.
 * @throws {VoxriskError} `no-device` when the package is not installed, or no acceptable adapter is found
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<GPUDevice> {
  dawn ??= await loadDawn()
  const chosen = await chooseAdapter(dawn)
  if (!chosen) {
    throw new VoxriskError(
      'no-device',
      'WebGPU found no adapter on this machine',
      'Install a GPU driver with Vulkan, Metal or Direct3D 12, or use the cpu backend.',
      { settings: ['backend'] },
    )
  }
  const { adapter, isSoftware } = chosen
  if (!options.software && isSoftware) {
    throw new VoxriskError(
      'no-device',
      `the only adapter, ${adapter.info.description || adapter.info.device}, is software and slower than the cpu backend`,
      'Use the cpu backend, or request this adapter explicitly.',
      { settings: ['backend'] },
    )
  }
  try {
    return await adapter.requestDevice(deviceRequest(adapter))
  } catch (cause) {
    throw new VoxriskError(
      'no-device',
      `the adapter ${adapter.info.description} gave no device: ${(cause as Error).message}`,
      'Close other programs that use the GPU, or use the cpu backend.',
      { cause, settings: ['backend'] },
    )
  }
}

async function loadDawn(): Promise<GPU> {
  try {
    const { create } = await import('webgpu')
    // Dawn rounds timestamps to 0.1 ms to stop web sites from spying on each other. Here there is only one
    // program.
    return create(['disable-dawn-features=timestamp_quantization'])
  } catch (cause) {
    throw new VoxriskError(
      'no-device',
      `the package webgpu cannot be loaded: ${(cause as Error).message.split('\n')[0]}`,
      'Run `npm install webgpu`, or use the cpu backend.',
      { cause, settings: ['backend'] },
    )
  }
}
