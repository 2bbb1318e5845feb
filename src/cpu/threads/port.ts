/** A thread's connection to the thread that started it. */
interface Port<Sent> {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: Sent): void
}

/**
 * The port of the thread this runs on. A web worker is its own port. Node's comes from `getBuiltinModule`, so
 * that this code needs no import that fails in a browser.
 */
export function openPort<Sent>(): Port<Sent> {
  const node = (globalThis as { process?: { getBuiltinModule?: NodeJS.Process['getBuiltinModule'] } }).process
  const threads = node?.getBuiltinModule?.('node:worker_threads')
  return (threads?.parentPort ?? globalThis) as unknown as Port<Sent>
}
