import { cpuBackend } from '../src/cpu/backend.ts'
import type { Backend } from '../src/engine/steps.ts'
import { VoxriskError } from '../src/errors.ts'
import { isSoftwareAdapter, webgpuBackend } from '../src/webgpu/backend.ts'
import { deviceRequest } from '../src/webgpu/device-request.ts'

export type BackendChoice = 'auto' | 'webgpu' | 'cpu'

export interface PageBackend {
  readonly backend: Backend
  readonly kind: 'gpu' | 'software' | 'cpu'
  /** One line: what runs, and why where that is not a GPU. */
  readonly text: string
}

/** What the address asks for: `?backend=webgpu` or `?backend=cpu`. */
export function backendChoice(search: string): BackendChoice {
  const asked = new URLSearchParams(search).get('backend')
  return asked === 'webgpu' || asked === 'cpu' ? asked : 'auto'
}

/**
 * Opens what the page computes and draws on. `auto` takes a GPU where there is one, else the CPU: an adapter made of software
 * is slower than that and only taken for `webgpu`, asked for outright.
 * @throws {VoxriskError} `no-device` when `webgpu` is asked for and there is none
 */
export async function openPageBackend(choice: BackendChoice): Promise<PageBackend> {
  if (choice === 'cpu') return onCpu('as the address asks')
  const adapter = await navigator.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null)
  const software = adapter ? isSoftwareAdapter(adapter.info) : false
  if (choice === 'auto' && (!adapter || software)) {
    return onCpu(adapter ? 'the only WebGPU adapter is software' : 'this browser offers no WebGPU here')
  }
  try {
    if (!adapter) throw new Error('there is no adapter')
    const backend = webgpuBackend(await adapter.requestDevice(deviceRequest(adapter)), { ownsDevice: true })
    const text = `WebGPU on ${backend.adapter}`
    return software
      ? { backend, kind: 'software', text: `${text}: no GPU, slower than one by far` }
      : { backend, kind: 'gpu', text }
  } catch (cause) {
    if (choice === 'auto') return onCpu(`the GPU gave no device: ${(cause as Error).message}`)
    throw new VoxriskError(
      'no-device',
      `WebGPU is asked for, and ${(cause as Error).message}`,
      'Leave ?backend=webgpu out of the address: the page then computes on the CPU.',
      { cause },
    )
  }
}

function onCpu(why: string): PageBackend {
  return { backend: cpuBackend(), kind: 'cpu', text: `CPU, one core: ${why}` }
}
