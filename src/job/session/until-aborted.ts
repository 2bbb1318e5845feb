/**
 * The result of some work, unless the signal aborts first. The work itself goes on, and its result is
 * dropped.
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

/** Items of a source that must be released, even if not one of them is asked for. */
export interface Releasable<Item> extends AsyncIterableIterator<Item, undefined> {
  /**
   * Releases the source unless it is at its end. Resolves when the source is released; at once if it is still
   * working on an item, since it may only notice after that. Idempotent.
   */
  return(): Promise<IteratorReturnResult<undefined>>
}

/**
 * The items of a source until the signal aborts. It ends at once, even while waiting for the next item, since
 * a live source may not have one for a long time.
 * @throws the signal's reason, once the source is released; what the source throws
 */
export function untilAborted<Item>(source: AsyncIterable<Item>, signal: AbortSignal): Releasable<Item> {
  const iterator = source[Symbol.asyncIterator]()
  const end = { value: undefined, done: true } as const
  let isOver = false
  let isBusy = false

  async function ask(): Promise<IteratorResult<Item>> {
    isBusy = true
    try {
      return await iterator.next()
    } catch (error) {
      isOver = true // a source that fails releases itself
      throw error
    } finally {
      isBusy = false
    }
  }

  const items: Releasable<Item> = {
    [Symbol.asyncIterator]: () => items,
    async next() {
      if (isOver) return end
      try {
        signal.throwIfAborted()
        const { value, done } = await unlessAborted(ask(), signal)
        if (!done) return { value, done: false }
        isOver = true
        return end
      } catch (error) {
        await items.return()
        throw error
      }
    },
    async return() {
      if (isOver) return end
      isOver = true
      const released = Promise.resolve(iterator.return?.()).catch(() => {}) // what was read stays good
      if (!isBusy) await released
      return end
    },
  }
  return items
}
