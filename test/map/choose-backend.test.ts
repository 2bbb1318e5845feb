import { expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { chooseBackend } from '../../src/map/choose-backend.ts'
import { deviceRequest, isSoftwareAdapter } from '../../src/webgpu/device-request.ts'

const REAL = {
  vendor: 'nvidia',
  architecture: 'hopper',
  device: '',
  description: '',
  isFallbackAdapter: false,
}
const SOFT = { ...REAL, vendor: 'google', architecture: 'swiftshader' }
const LIMITS = { maxStorageBufferBindingSize: 2 ** 31 - 4, maxBufferSize: 2 ** 32 }

interface Fake {
  readonly info?: object | undefined
  readonly features?: readonly string[]
  readonly refuses?: boolean
}

/** A WebGPU that offers one adapter or none, and records the requests. */
function fakeGpu(fake: Fake | null) {
  const asked: unknown[] = []
  const device = { features: new Set(), destroyed: 0, adapterInfo: fake?.info }
  const adapter = fake && {
    info: fake.info,
    limits: LIMITS,
    features: new Set(fake.features ?? []),
    async requestDevice(descriptor: unknown) {
      asked.push(descriptor)
      if (fake.refuses) throw new Error('it is busy')
      return Object.assign(device, { destroy: () => device.destroyed++ })
    },
  }
  const gpu = {
    async requestAdapter(options: unknown) {
      asked.push(options)
      return adapter
    },
  } as unknown as GPU
  return { gpu, asked, device }
}

test('takes a GPU with its largest buffers, and owns the device', async () => {
  const { gpu, asked, device } = fakeGpu({ info: REAL, features: ['timestamp-query'] })
  const chosen = await chooseBackend({ gpu })
  expect(chosen).toMatchObject({ kind: 'gpu', why: 'WebGPU on nvidia hopper', device })
  expect(chosen.backend.name).toBe('webgpu')
  expect(asked).toEqual([
    { powerPreference: 'high-performance' },
    { label: 'voxrisk', requiredFeatures: ['timestamp-query'], requiredLimits: LIMITS },
  ])
  chosen.backend.destroy()
  expect(device.destroyed).toBe(1)
})

test.each([
  ['there is no WebGPU', undefined, 'there is no WebGPU here'],
  ['it has no adapter', fakeGpu(null), 'WebGPU has no adapter'],
  ['the adapter is software', fakeGpu({ info: SOFT }), 'the only WebGPU adapter is software'],
  ['the adapter tells nothing', fakeGpu({}), 'the only WebGPU adapter is software'],
  ['there is no device', fakeGpu({ info: REAL, refuses: true }), 'the GPU gave no device: it is busy'],
])('takes the CPU where %s, and says why', async (_, fake, why) => {
  const chosen = await chooseBackend({ gpu: fake?.gpu })
  expect(chosen).toMatchObject({ kind: 'cpu', device: null, why: `CPU (JavaScript, 1 core): ${why}` })
})

test('takes the CPU that it is given when that is asked for, and asks for no adapter', async () => {
  const { gpu, asked } = fakeGpu({ info: REAL })
  const own = { ...cpuBackend(), adapter: 'mine' }
  const chosen = await chooseBackend({ gpu, choice: 'cpu', cpu: async () => own })
  expect(chosen).toEqual({ backend: own, kind: 'cpu', device: null, why: 'CPU (mine): as chosen' })
  expect(asked).toEqual([])
})

test('never calls software a GPU, also where it is asked for', async () => {
  const { gpu } = fakeGpu({ info: SOFT })
  const { kind, why, backend } = await chooseBackend({ gpu, choice: 'webgpu' })
  expect([kind, backend.name]).toEqual(['software', 'webgpu'])
  expect(why).toBe('WebGPU on google swiftshader (software): not a GPU, and much slower than one')
})

test.each([
  ['no WebGPU', undefined],
  ['no adapter', fakeGpu(null)],
  ['no device', fakeGpu({ info: REAL, refuses: true })],
])('refuses WebGPU asked for outright where there is %s', async (_, fake) => {
  await expect(chooseBackend({ gpu: fake?.gpu, choice: 'webgpu' })).rejects.toThrow(
    expect.objectContaining({ code: 'no-device', settings: ['backend'] }),
  )
})

test('refuses an unknown choice', async () => {
  await expect(chooseBackend({ choice: 'cuda' as 'cpu' })).rejects.toThrow(
    expect.objectContaining({ code: 'bad-setting', settings: ['backend'] }),
  )
})

test.each([
  [{ ...REAL, isFallbackAdapter: true }, true],
  [{ ...REAL, description: 'llvmpipe (LLVM 15.0.7, 256 bits)' }, true],
  [{ ...REAL, description: 'Microsoft Basic Render Driver' }, true],
  [SOFT, true],
  [undefined, true],
  [REAL, false],
  [{ ...REAL, vendor: '', architecture: '' }, false],
])('an adapter %o is software: %s', (info, isSoftware) => {
  expect(isSoftwareAdapter(info as GPUAdapterInfo | undefined)).toBe(isSoftware)
})

test('a device is asked for no feature that the adapter lacks', () => {
  const adapter = { features: new Set(), limits: LIMITS } as unknown as GPUAdapter
  expect(deviceRequest(adapter)).toEqual({ label: 'voxrisk', requiredFeatures: [], requiredLimits: LIMITS })
})
