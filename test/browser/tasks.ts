/** What tests ask of a document or worker, by name. Arguments and results cross as JSON. */
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { Backend } from '../../src/engine/steps.ts'
import { fileFromBlob, fileFromUrl } from '../../src/read/file.ts'
import type { OpenOptions } from '../../src/read/source.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { runTests } from '../harness/run-tests.ts'
import { browserSuite } from '../harness/suite.ts'
import { type FileOptions, mapFiles, mapMiniMarket, mapSample, readFiles } from '../support/browser-work.ts'
import { openTestDevice } from './open-device.ts'

type BackendName = 'cpu' | 'webgpu'

/** What nobody caught: it fails a run of tests as it does in Vitest. */
const uncaught: string[] = []
addEventListener('error', ({ error, message }) => uncaught.push(error?.stack ?? message))
addEventListener('unhandledrejection', ({ reason }) => uncaught.push(reason?.stack ?? String(reason)))

/** Runs `work` on a backend that is gone afterwards. */
async function onBackend<Result>(
  name: BackendName,
  work: (backend: Backend) => Promise<Result>,
): Promise<Result> {
  const backend = name === 'cpu' ? cpuBackend() : webgpuBackend(await openTestDevice(), { ownsDevice: true })
  try {
    return await work(backend)
  } finally {
    backend.destroy()
  }
}

const asTradeFiles = (files: readonly File[]) => files.map(file => fileFromBlob(file, file.name))

/** Every task takes the files chosen in the document, then the parameters of the test. */
const tasks = {
  async environment(_: readonly File[]) {
    return {
      adapter: await onBackend('webgpu', async ({ adapter }) => adapter),
      crossOriginIsolated,
      hasDocument: typeof document !== 'undefined',
    }
  },

  async runSuite(_: readonly File[]) {
    const outcomes = await runTests(browserSuite)
    return { outcomes, uncaught }
  },

  mapSample: (_: readonly File[], backend: BackendName) => onBackend(backend, mapSample),

  mapMiniMarket: (_: readonly File[], backend: BackendName) => onBackend(backend, mapMiniMarket),

  mapFiles: (files: readonly File[], backend: BackendName, options: FileOptions = {}) =>
    onBackend(backend, opened => mapFiles(opened, asTradeFiles(files), options)),

  mapUrl: (_: readonly File[], backend: BackendName, url: string, options: FileOptions = {}) =>
    onBackend(backend, async opened => mapFiles(opened, [await fileFromUrl(url)], options)),

  readFiles: (files: readonly File[], options: OpenOptions = {}) => readFiles(asTradeFiles(files), options),

  readUrl: async (_: readonly File[], url: string, options: OpenOptions = {}) =>
    readFiles([await fileFromUrl(url)], options),
}

export type Tasks = typeof tasks
export type TaskName = keyof Tasks

/** The parameters of a task behind the files. */
export type TaskParameters<Name extends TaskName> =
  Parameters<Tasks[Name]> extends [unknown, ...infer Rest] ? Rest : never

/** One request of the document to its worker. */
export interface TaskRequest {
  readonly name: TaskName
  readonly files: readonly File[]
  readonly parameters: readonly unknown[]
}

export type TaskReply = { readonly result: unknown } | { readonly error: string }

export function runTask({ name, files, parameters }: TaskRequest): Promise<unknown> {
  const task = tasks[name] as (files: readonly File[], ...parameters: readonly unknown[]) => Promise<unknown>
  return task(files, ...parameters)
}
