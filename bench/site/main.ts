import { isSoftwareAdapter } from 'voxrisk'
import { deviceRequest } from 'voxrisk/engine'
import { cpuContestant, threadsContestant, webgpuContestant } from '../suite/contestants.ts'
import type { Plan } from '../suite/plan.ts'
import type { BenchmarkResult } from '../suite/result.ts'
import { runBenchmark } from '../suite/run.ts'

/** Passed to the site by the program that opened it. */
export interface SiteSettings {
  readonly plan: Plan
  readonly seconds: number
  readonly software: boolean
  /** What a site cannot find out about its machine. */
  readonly version: string
  readonly system: string
  readonly processor: string | null
}

/** The answer: a result, or why there is no acceptable adapter. */
export type SiteAnswer = { readonly result: BenchmarkResult } | { readonly refused: string }

declare global {
  /** Runs the benchmark in this document; progress goes to the console. */
  var runVoxriskBenchmark: (settings: SiteSettings) => Promise<SiteAnswer>
}

/** The bundler finds a worker's script only if its path is a literal. */
function spawn(script: 'cpu-thread' | 'copy-thread'): Worker {
  return script === 'cpu-thread'
    ? new Worker(new URL('voxrisk/cpu-thread', import.meta.url), { type: 'module' })
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
  const contestants = [
    cpuContestant(),
    ...(cores > 1 ? [threadsContestant(cores, spawn)] : []),
    webgpuContestant(device),
  ]
  for (const { contestant } of contestants) console.log(`${contestant.label}: ${contestant.runsOn}`)
  const result = await runBenchmark({
    plan,
    seconds,
    contestants,
    host: { runtime: 'chrome', cores, ...host },
    voxrisk: __VOXRISK_VERSION__,
    commit: __VOXRISK_COMMIT__,
    log: line => console.log(`  ${line}`),
  })
  for (const running of contestants) running.destroy()
  return { result }
}
