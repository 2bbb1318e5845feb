import { cpuBackend } from '../cpu/backend.ts'
import type { Backend } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import { webgpuBackend } from '../webgpu/backend.ts'
import { chooseAdapter, deviceRequest } from '../webgpu/device-request.ts'

/** `auto` takes a real GPU where there is one and the CPU otherwise. */
export type BackendChoice = 'auto' | 'webgpu' | 'cpu'

const CHOICES: readonly BackendChoice[] = ['auto', 'webgpu', 'cpu']

/** What there is to choose from, and what is wanted. */
export interface ChooseBackendOptions {
  /** `navigator.gpu` of a page or a worker, or what `create()` of the package webgpu gives in Node; undefined where there is none. */
  readonly gpu?: GPU | undefined
  /** Default `auto`. `webgpu` takes a software adapter as well, which is slower than the CPU by far. */
  readonly choice?: BackendChoice
  /** Makes the CPU backend, for instance one with threads; by default `cpuBackend()`. */
  readonly cpu?: () => Backend | Promise<Backend>
}

/** A backend, and what it runs on. */
export interface ChosenBackend {
  /** Its `destroy()` destroys the device with it. */
  readonly backend: Backend
  /** `software`: WebGPU on an adapter that renders on the CPU. */
  readonly kind: 'gpu' | 'software' | 'cpu'
  /** The device of the backend, to draw on; null on the CPU. */
  readonly device: GPUDevice | null
  /** One line for people: what runs, and why where that is not a GPU. */
  readonly why: string
}

/**
 * Opens what there is to compute on, and says what it is. A software adapter is never called a GPU: `auto` passes over it.
 *
 * ```ts
 * const { backend, kind, why } = await chooseBackend({ gpu: navigator.gpu })
 * ```
 * @throws {VoxriskError} `no-device` when `webgpu` is asked for and there is none; `bad-setting` when the choice is none of three
 */
export async function chooseBackend(options: ChooseBackendOptions = {}): Promise<ChosenBackend> {
  const { gpu, choice = 'auto', cpu = cpuBackend } = options
  if (!CHOICES.includes(choice)) {
    throw new VoxriskError(
      'bad-setting',
      `"${choice}" is no backend to choose`,
      `Choose one of ${CHOICES.join(', ')}.`,
    )
  }
  const onCpu = async (why: string): Promise<ChosenBackend> => {
    const backend = await cpu()
    return { backend, kind: 'cpu', device: null, why: `CPU (${backend.adapter}): ${why}` }
  }
  if (choice === 'cpu') return onCpu('as asked for')
  const chosen = gpu ? await chooseAdapter(gpu) : null
  if (choice === 'auto' && !chosen) return onCpu(gpu ? 'WebGPU has no adapter' : 'there is no WebGPU here')
  if (choice === 'auto' && chosen?.isSoftware) return onCpu('the only WebGPU adapter is software')
  try {
    if (!chosen) throw new Error(gpu ? 'it has no adapter' : 'it is not offered here')
    const { adapter, isSoftware } = chosen
    const device = await adapter.requestDevice(deviceRequest(adapter))
    const backend = webgpuBackend(device, { ownsDevice: true })
    const text = `WebGPU on ${backend.adapter}`
    return isSoftware
      ? { backend, kind: 'software', device, why: `${text}: no GPU, slower than one by far` }
      : { backend, kind: 'gpu', device, why: text }
  } catch (cause) {
    const { message } = cause as Error
    if (choice === 'auto') return onCpu(`the GPU gave no device: ${message}`)
    throw new VoxriskError(
      'no-device',
      `WebGPU is asked for, and cannot be had: ${message}`,
      'Choose the CPU, or leave the choice open: the CPU is then taken where there is no GPU.',
      { cause },
    )
  }
}
