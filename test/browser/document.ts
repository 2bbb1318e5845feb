import { runTask, type TaskName, type TaskReply, type TaskRequest } from './tasks.ts'

/** Where a task runs. */
export type Place = 'document' | 'worker'

declare global {
  /** What tests call through the browser's remote control. */
  var runTaskIn: (place: Place, name: TaskName, parameters: readonly unknown[]) => Promise<unknown>
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const failure = new Promise<never>((_, reject) => {
  worker.addEventListener('error', event => reject(new Error(`the worker failed: ${event.message}`)))
})
failure.catch(() => {}) // it is reported to callers that wait for an answer
/** The worker's first word: it has loaded all its code. */
const ready = new Promise(resolve => worker.addEventListener('message', resolve, { once: true }))

function inWorker(request: TaskRequest): Promise<TaskReply> {
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise<TaskReply>(resolve => {
    port1.onmessage = ({ data }: MessageEvent<TaskReply>) => resolve(data)
  })
  worker.postMessage(request, [port2])
  return Promise.race([answer, failure])
}

await Promise.race([ready, failure])
globalThis.runTaskIn = async (place, name, parameters) => {
  const input = document.querySelector<HTMLInputElement>('#files')
  const request: TaskRequest = { name, files: [...(input?.files ?? [])], parameters }
  if (place === 'document') return runTask(request)
  const reply = await inWorker(request)
  if ('error' in reply) throw new Error(reply.error)
  return reply.result
}
