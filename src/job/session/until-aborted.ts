/**
 * The items of a source until the signal aborts. It ends at once, even while waiting for the next item, since
 * a live source may not have one for a long time.
 * @throws the signal's reason
 */
export async function* untilAborted<Item>(
  source: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]()
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
  })
  aborted.catch(() => {}) // it may reject while nobody is waiting
  signal.addEventListener('abort', stop)
  try {
    for (;;) {
      signal.throwIfAborted()
      const { value, done } = await Promise.race([iterator.next(), aborted])
      if (done) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    void iterator.return?.()?.catch(() => {}) // not awaited: it may only settle after the next item
  }
}
