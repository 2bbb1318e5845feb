/**
 * The result of some work, unless the signal aborts first. The work itself goes on, and its result is dropped.
 * @throws the signal's reason; what the work throws
 */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    // A race against one promise for the whole signal would keep every result until the signal is gone.
    signal.addEventListener('abort', stop)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

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
  try {
    for (;;) {
      signal.throwIfAborted()
      const { value, done } = await unlessAborted(iterator.next(), signal)
      if (done) return
      yield value
    }
  } finally {
    void iterator.return?.()?.catch(() => {}) // not awaited: it may only settle after the next item
  }
}
