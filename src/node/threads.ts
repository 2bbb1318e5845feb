import { Worker } from 'node:worker_threads'
import type { Thread } from '../cpu/threads/thread.ts'

/** Starts a `worker_threads` thread that runs a module. */
export function startThread(module: URL): Thread {
  const worker = new Worker(module, { execArgv: [] }) // without the loaders of this process
  worker.unref()
  return {
    postMessage: message => worker.postMessage(message),
    terminate: () => void worker.terminate(),
    addEventListener(type: string, listener: (event: { data: unknown; message?: string }) => void) {
      if (type === 'message') worker.on('message', data => listener({ data }))
      if (type === 'messageerror')
        worker.on('messageerror', ({ message }) => listener({ data: null, message }))
      if (type !== 'error') return
      worker.on('error', ({ message }) => listener({ data: null, message }))
      worker.on('exit', code => listener({ data: null, message: `it ended with exit code ${code}` }))
    },
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  }
}
