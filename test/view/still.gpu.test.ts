import { expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { RiskStill } from '../../src/view/risk-still.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { testDevice } from '../support/backends.ts'
import { refusal } from '../support/refusal.ts'
import { madeUpCalibration } from '../support/ticks.ts'

const holder = testDevice()

// The pictures themselves are checked in the benchmark's tests: see `DrawnMap`.
test.each([
  ['on the CPU', () => cpuBackend(), 10],
  ['that keeps no slabs', () => webgpuBackend(holder.device), 0],
  ['that has seen no tick', () => webgpuBackend(holder.device), 10],
])('a map %s is refused', async (_, backend, keepSlabs) => {
  const { device } = holder
  const map = await RiskMap.create({ backend: backend(), calibration: madeUpCalibration(), keepSlabs })
  const still = await RiskStill.create(device, { format: 'rgba8unorm' })
  const texture = device.createTexture({ size: [8, 8], format: 'rgba8unorm', usage: 0x10 })
  const draw = () =>
    still.draw({
      map,
      hotspots: [],
      mode: 'volume',
      encoder: device.createCommandEncoder(),
      target: texture.createView(),
      width: 8,
      height: 8,
    })
  expect(refusal(draw).code).toBe('bad-setting')
  still.destroy()
  texture.destroy()
  map.destroy()
})
