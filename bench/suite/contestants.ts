import { type Backend, cpuBackend, isSoftwareAdapter, threadedCpuBackend, webgpuBackend } from 'voxrisk'
import type { Thread } from 'voxrisk/engine'
import { copyOnCpu } from './copy.ts'
import type { Contestant } from './result.ts'
import { ThreadedCopy } from './threaded-copy.ts'
import { DeviceTransfers } from './transfer.ts'

/** A contestant with its backends. */
export interface RunningContestant {
  /** How the result describes it. */
  readonly contestant: Contestant
  readonly backend: Backend
  /**
   * The same backend, timing its own steps: on the CPU the same one, on a GPU one with timestamps. null if
   * the GPU has none.
   */
  readonly timed: Backend | null
  /** The device of a GPU; null on the CPU. */
  readonly device: GPUDevice | null
  /** The largest buffer it can copy, up to the given number of bytes. */
  copyBytes(wanted: number): number
  /** Copies its own memory `times` times where its kernels run. Resolves to the seconds it took. */
  copy(bytes: number, times: number): Promise<number>
  destroy(): void
}

/** The reference, on the calling thread. */
export function cpuContestant(): RunningContestant {
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
 * @param spawn starts a thread running the package's `cpu-thread`, or `copy-thread.ts`
 */
export function threadsContestant(
  cores: number,
  spawn: (script: 'cpu-thread' | 'copy-thread') => Thread,
): RunningContestant {
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

/** A contestant on a WebGPU device. Destroying it destroys the device. */
export function webgpuContestant(device: GPUDevice): RunningContestant {
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
