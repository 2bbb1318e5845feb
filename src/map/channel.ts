/** A queue between one producer and one consumer: pushed items come out of the async iterator in order. */
export class Channel<Item> implements AsyncIterable<Item> {
  private items: Item[] = []
  private ended = false
  private failure: unknown
  private wake: (() => void) | null = null

  push(items: Iterable<Item>): void {
    for (const item of items) this.items.push(item)
    this.wake?.()
  }

  end(): void {
    this.ended = true
    this.wake?.()
  }

  /** What was pushed before still comes out; then the iterator throws. */
  fail(error: unknown): void {
    this.failure ??= error
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Item> {
    for (;;) {
      const items = this.items
      this.items = []
      yield* items
      if (this.items.length > 0) continue
      if (this.failure !== undefined) throw this.failure
      if (this.ended) return
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
      this.wake = null
    }
  }
}
