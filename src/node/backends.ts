import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cpuBackend } from '../cpu/backend.ts'
import { VoxriskError } from '../errors.ts'
import type { Backend } from '../map/backend.ts'
import { isSoftwareAdapter, webgpuBackend } from '../webgpu/backend.ts'
import { openDevice } from './device.ts'

/** `auto` takes a real GPU when there is one and the CPU otherwise. */
export type BackendChoice = 'auto' | 'cpu' | 'webgpu'

/** A driver that hangs is no GPU. */
const PROBE_MS = 20_000

/**
 * Opens a backend in Node. Its device is its own and goes with it. A software adapter is taken only for `webgpu`, asked
 * for outright.
 * @throws {VoxriskError} `no-device` when `webgpu` is asked for and there is no adapter
 */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice === 'cpu' || (choice === 'auto' && !(await hasGpu()))) return cpuBackend()
  try {
    return webgpuBackend(await openDevice({ software: choice === 'webgpu' }), { ownsDevice: true })
  } catch (error) {
    if (choice === 'auto' && error instanceof VoxriskError && error.code === 'no-device') return cpuBackend()
    throw error
  }
}

/**
 * Whether WebGPU offers a real GPU here. Looked up in a process of its own: a missing Vulkan loader makes Dawn print
 * warnings, and a broken driver can take its process down.
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
