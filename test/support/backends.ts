import { afterAll, beforeAll } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { Backend } from '../../src/map/backend.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { openTestDevice } from './open-device.ts'

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

/** Every backend by name, for `describe.each`; `make` is called inside a test. */
export function allBackends(holder: { readonly device: GPUDevice }): { name: string; make: () => Backend }[] {
  return [
    { name: 'cpu', make: () => cpuBackend() },
    { name: 'webgpu', make: () => webgpuBackend(holder.device) },
  ]
}
