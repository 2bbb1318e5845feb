import { cpuBackend } from '../../src/cpu/backend.ts'
import { threadedCpuBackend } from '../../src/cpu/threads/backend.ts'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { isSoftwareAdapter, webgpuBackend } from '../../src/webgpu/backend.ts'
import type { Racer } from './run.ts'
import { ThreadedCopy } from './threaded-copy.ts'
import { copyOnCpu, DeviceTransfers } from './transfer.ts'

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
    copyBytes: bytes => bytes,
    async copy(bytes, times) {
      return copyOnCpu(new Float64Array(bytes / 8).fill(1), new Float64Array(bytes / 8).fill(1), times)
    },
    destroy: () => backend.destroy(),
  }
}

/**
 * The reference on all cores.
 * @param spawn starts a thread on the package's `cpu-thread`, and on `copy-thread.ts`
 */
export function threadsRacer(cores: number, spawn: (script: 'cpu-thread' | 'copy-thread') => Thread): Racer {
  const backend = threadedCpuBackend({ threads: cores, spawn: () => spawn('cpu-thread') })
  return {
    contestant: {
      id: 'cpu-threads',
      label: `voxrisk on CPU, ${cores} threads`,
      kind: 'cpu',
      runsOn: backend.adapter,
      cores,
    },
    backend,
    timed: backend,
    device: null,
    copyBytes: bytes => bytes,
    async copy(bytes, times) {
      const threads = new ThreadedCopy(cores, () => spawn('copy-thread'))
      try {
        return await threads.copy(bytes, times)
      } finally {
        threads.destroy()
      }
    },
    destroy: () => backend.destroy(),
  }
}

/** A WebGPU device, which goes with the racer. */
export function webgpuRacer(device: GPUDevice): Racer {
  const backend = webgpuBackend(device)
  const timed = device.features.has('timestamp-query') ? webgpuBackend(device, { timestamps: true }) : null
  const { vendor, architecture, device: model, description } = device.adapterInfo
  const isSoftware = isSoftwareAdapter(device.adapterInfo)
  const name = model || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter'
  return {
    contestant: {
      id: 'webgpu',
      label: 'voxrisk on WebGPU',
      kind: isSoftware ? 'software-gpu' : 'gpu',
      runsOn: [name, description].filter(Boolean).join(', '), // Dawn describes the driver
      cores: null,
    },
    backend,
    timed,
    device,
    copyBytes: bytes => DeviceTransfers.fitting(device, bytes),
    async copy(bytes, times) {
      const transfers = new DeviceTransfers(device, bytes)
      try {
        return await transfers.copy(times)
      } finally {
        transfers.destroy()
      }
    },
    destroy: () => device.destroy(),
  }
}
