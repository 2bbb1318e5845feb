import { isSoftwareAdapter } from '../../src/webgpu/backend.ts'
import { deviceRequest } from '../../src/webgpu/device-request.ts'
import type { Plan } from '../suite/plan.ts'
import { cpuRacer, threadsRacer, webgpuRacer } from '../suite/racers.ts'
import type { BenchmarkResult } from '../suite/result.ts'
import { runBenchmark } from '../suite/run.ts'

/** What the program that opened the page tells it. */
export interface PageSettings {
  readonly plan: Plan
  readonly seconds: number
  readonly software: boolean
  /** What a page cannot know of its machine. */
  readonly version: string
  readonly system: string
  readonly processor: string | null
}

/** What comes back: a result, or why there is no adapter that will do. */
export type PageAnswer = { readonly result: BenchmarkResult } | { readonly refused: string }

declare global {
  /** Runs the benchmark in this page; progress goes to the console. */
  var runVoxriskBenchmark: (settings: PageSettings) => Promise<PageAnswer>
}

/** The bundler finds a worker's script only where it is written out. */
function spawn(script: 'cpu-thread' | 'copy-thread'): Worker {
  return script === 'cpu-thread'
    ? new Worker(new URL('../../src/cpu/threads/main.ts', import.meta.url), { type: 'module' })
    : new Worker(new URL('../suite/copy-thread.ts', import.meta.url), { type: 'module' })
}

globalThis.runVoxriskBenchmark = async ({ plan, seconds, software, ...host }) => {
  if (!navigator.gpu) return { refused: 'this browser has no WebGPU' }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return { refused: 'WebGPU found no adapter in this browser' }
  if (!software && isSoftwareAdapter(adapter.info)) {
    return {
      refused: `the only adapter, ${adapter.info.description || adapter.info.architecture}, is software`,
    }
  }
  const device = await adapter.requestDevice(deviceRequest(adapter))
  const cores = navigator.hardwareConcurrency
  const racers = [cpuRacer(), ...(cores > 1 ? [threadsRacer(cores, spawn)] : []), webgpuRacer(device)]
  for (const { contestant } of racers) console.log(`${contestant.label}: ${contestant.runsOn}`)
  const result = await runBenchmark({
    plan,
    seconds,
    racers,
    host: { runtime: 'chrome', cores, ...host },
    voxrisk: __VOXRISK_VERSION__,
    commit: __VOXRISK_COMMIT__,
    log: line => console.log(`  ${line}`),
  })
  for (const racer of racers) racer.destroy()
  return { result }
}
