import { cpuBackend } from '../../src/cpu/backend.ts'
import { isSoftwareAdapter, webgpuBackend } from '../../src/webgpu/backend.ts'
import type { Racer } from './run.ts'

/** The reference on the thread it is called on. */
export function cpuRacer(): Racer {
  const backend = cpuBackend()
  return {
    contestant: {
      id: 'cpu',
      label: 'voxrisk on CPU, 1 core',
      kind: 'cpu',
      runsOn: backend.adapter,
      cores: 1,
    },
    backend,
    timed: backend,
    device: null,
  }
}

/** A WebGPU device, which stays the caller's. */
export function webgpuRacer(device: GPUDevice): Racer {
  const backend = webgpuBackend(device)
  const timed = device.features.has('timestamp-query') ? webgpuBackend(device, { timestamps: true }) : null
  const { vendor, architecture, device: model, description } = device.adapterInfo
  const isSoftware = isSoftwareAdapter(device.adapterInfo)
  const name = model || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'
  return {
    contestant: {
      id: 'webgpu',
      label: isSoftware ? 'voxrisk on WebGPU, software' : 'voxrisk on WebGPU',
      kind: isSoftware ? 'software-gpu' : 'gpu',
      runsOn: [name, description].filter(Boolean).join(', '), // Dawn describes the driver
      cores: null,
    },
    backend,
    timed,
    device,
  }
}
