import { afterAll, beforeAll } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { threadedCpuBackend } from '../../src/cpu/threads/backend.ts'
import type { Backend } from '../../src/engine/steps.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { openTestDevice } from './open-device.ts'
import { testThreads } from './threads.ts'

/**
 * A device for the tests of a file, opened before and destroyed after them. Without an adapter the tests fail.
 */
export function testDevice(): { readonly device: GPUDevice } {
  const holder = { device: undefined as unknown as GPUDevice }
  beforeAll(async () => {
    holder.device = await openTestDevice()
  })
  afterAll(() => holder.device?.destroy())
  return holder
}

const threads = threadedBackend()

/** Every backend by name, for `describe.each`; `make` is called inside a test. */
export function allBackends(holder: { readonly device: GPUDevice }): { name: string; make: () => Backend }[] {
  return [
    { name: 'cpu', make: () => cpuBackend() },
    { name: 'webgpu', make: () => webgpuBackend(holder.device) },
    threads,
  ]
}

/** Two threads for the tests of a file: started when first asked for, and lent to each test. */
function threadedBackend(): { name: string; make: () => Backend } {
  const spawn = testThreads()
  let backend: Backend | undefined
  afterAll(() => backend?.destroy())
  return {
    name: 'cpu threads',
    make() {
      backend ??= threadedCpuBackend({ threads: 2, spawn: () => spawn() })
      return backend
    },
  }
}
