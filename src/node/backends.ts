import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuBackend } from '../cpu/backend.ts'
import { checkThreads, threadedCpuBackend } from '../cpu/threads/backend.ts'
import type { Backend } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import type { BackendChoice } from '../map/choose-backend.ts'
import { webgpuBackend } from '../webgpu/backend.ts'
import { isSoftwareAdapter } from '../webgpu/device-request.ts'
import { openDevice } from './device.ts'
import { startThread } from './threads.ts'

/** A driver that hangs this long counts as no GPU. */
const PROBE_MS = 20_000

/** How a CPU backend works. */
export interface OpenBackendOptions {
  /**
   * Threads of a CPU backend, 1 … 256; default 1, the calling thread. With more, the threads run beside the
   * calling one. They end with `destroy()` or with the process, and keep it alive only while a call is in
   * progress.
   */
  readonly threads?: number
}

/**
 * Opens a backend in Node. It owns its device or threads and ends them when it is destroyed. A software
 * adapter is used only if you ask for `webgpu` explicitly.
 * @throws {VoxriskError} `no-device` when `webgpu` is requested and there is no adapter; `no-threads`;
 *   `bad-setting`
 */
export async function openBackend(
  choice: BackendChoice,
  { threads = 1 }: OpenBackendOptions = {},
): Promise<Backend> {
  checkThreads(threads)
  if (choice === 'cpu' || (choice === 'auto' && !(await hasGpu()))) return openCpu(threads)
  try {
    return webgpuBackend(await openDevice({ software: choice === 'webgpu' }), { ownsDevice: true })
  } catch (error) {
    if (choice === 'auto' && error instanceof VoxriskError && error.code === 'no-device')
      return openCpu(threads)
    throw error
  }
}

function openCpu(threads: number): Backend {
  if (threads === 1) return cpuBackend()
  const module = new URL(import.meta.resolve('voxrisk/cpu-thread'))
  return threadedCpuBackend({ threads, spawn: () => startThread(module) })
}

/**
 * Whether WebGPU finds a real GPU here. Checked in a separate process, because a missing Vulkan loader makes
 * Dawn print warnings and a broken driver can crash the process.
 */
async function hasGpu(): Promise<boolean> {
  let dawn: string
  try {
    dawn = import.meta.resolve('webgpu')
  } catch {
    return false // the optional package is not installed
  }
  const probe = `
    const { create } = await import(${JSON.stringify(dawn)})
    const adapter = await create([]).requestAdapter({ powerPreference: 'high-performance' })
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {}
    console.log(JSON.stringify(adapter && { vendor, architecture, device, description, isFallbackAdapter }))`
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', probe], {
      timeout: PROBE_MS,
    })
    const info = JSON.parse(stdout) as GPUAdapterInfo | null
    return info !== null && !isSoftwareAdapter(info)
  } catch {
    return false
  }
}
