import { cpuBackend } from '../cpu/backend.ts'
import type { Backend } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import { webgpuBackend } from '../webgpu/backend.ts'
import { chooseAdapter, deviceRequest } from '../webgpu/device-request.ts'

/** `auto` takes a real GPU if there is one, and the CPU otherwise. */
export type BackendChoice = 'auto' | 'webgpu' | 'cpu'

const CHOICES: readonly BackendChoice[] = ['auto', 'webgpu', 'cpu']

/** What is available, and what to choose. */
export interface ChooseBackendOptions {
  /**
   * `navigator.gpu` of a document or worker, or in Node, the result of `create()` of the package webgpu;
   * undefined if there is none.
   */
  readonly gpu?: GPU | undefined
  /** Default `auto`. `webgpu` also accepts a software adapter, which is much slower than the CPU. */
  readonly choice?: BackendChoice
  /** Makes the CPU backend, for instance one with threads; by default `cpuBackend()`. */
  readonly cpu?: () => Backend | Promise<Backend>
}

/** A backend and what it runs on. */
export interface ChosenBackend {
  /** Its `destroy()` also destroys the device. */
  readonly backend: Backend
  /** `software`: WebGPU on an adapter that runs on the CPU. */
  readonly kind: 'gpu' | 'software' | 'cpu'
  /** The backend's device, which can also be used for drawing; null on the CPU. */
  readonly device: GPUDevice | null
  /** One line for people: what it runs on and, if not on a GPU, why not. */
  readonly why: string
}

/**
 * Opens a backend, by default the best available, and says what it is. A software adapter never counts as a
 * GPU: `auto` skips it.
 *
 * ```ts
 * const { backend, kind, why } = await chooseBackend({ gpu: navigator.gpu })
 * ```
 * @throws {VoxriskError} `no-device` when `webgpu` is chosen but not available; `bad-setting` for an unknown
 *   choice
 */
export async function chooseBackend(options: ChooseBackendOptions = {}): Promise<ChosenBackend> {
  const { gpu, choice = 'auto', cpu = cpuBackend } = options
  if (!CHOICES.includes(choice)) {
    throw new VoxriskError(
      'bad-setting',
      `"${choice}" is not a backend`,
      `Choose one of ${CHOICES.join(', ')}.`,
      { settings: ['backend'] },
    )
  }
  const onCpu = async (why: string): Promise<ChosenBackend> => {
    const backend = await cpu()
    return { backend, kind: 'cpu', device: null, why: `CPU (${backend.adapter}): ${why}` }
  }
  if (choice === 'cpu') return onCpu('as chosen')
  const chosen = gpu ? await chooseAdapter(gpu) : null
  if (choice === 'auto' && !chosen) return onCpu(gpu ? 'WebGPU has no adapter' : 'there is no WebGPU here')
  if (choice === 'auto' && chosen?.isSoftware) return onCpu('the only WebGPU adapter is software')
  try {
    if (!chosen) throw new Error(gpu ? 'it has no adapter' : 'it is not supported here')
    const { adapter, isSoftware } = chosen
    const device = await adapter.requestDevice(deviceRequest(adapter))
    const backend = webgpuBackend(device, { ownsDevice: true })
    const text = `WebGPU on ${backend.adapter}`
    return isSoftware
      ? { backend, kind: 'software', device, why: `${text}: not a GPU, and much slower than one` }
      : { backend, kind: 'gpu', device, why: text }
  } catch (cause) {
    const { message } = cause as Error
    if (choice === 'auto') return onCpu(`the GPU gave no device: ${message}`)
    throw new VoxriskError(
      'no-device',
      `WebGPU was chosen but is not available: ${message}`,
      'Choose the CPU, or auto, which uses the CPU if there is no GPU.',
      { cause, settings: ['backend'] },
    )
  }
}
