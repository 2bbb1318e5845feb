/** A thread's end of its line to the one that started it. */
interface Port<Sent> {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: Sent): void
}

/**
 * The port of the thread this is called on: a worker in a page is its own; Node hands its modules also to code that may run in a page.
 */
export function openPort<Sent>(): Port<Sent> {
  const node = (globalThis as { process?: { getBuiltinModule?: NodeJS.Process['getBuiltinModule'] } }).process
  const threads = node?.getBuiltinModule?.('node:worker_threads')
  return (threads?.parentPort ?? globalThis) as unknown as Port<Sent>
}
