import { VoxriskError } from '../errors.ts'

/**
 * A queue between one producer and one consumer. The async iterator gives the pushed items in order. After
 * leaving a loop early, a new loop continues where it stopped.
 */
export class Channel<Item> implements AsyncIterable<Item> {
  private items: Item[] = []
  private next = 0
  private taken = false
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

  /** The iterator still gives the items pushed so far, then throws. */
  fail(error: unknown): void {
    this.failure ??= error
    this.end()
  }

  /** @throws {VoxriskError} `bad-state` while another loop is running */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    if (this.taken) {
      throw new VoxriskError(
        'bad-state',
        'another loop is already taking the hotspots',
        'Take them in one loop.',
      )
    }
    this.taken = true
    try {
      for (;;) {
        while (this.next < this.items.length) yield this.items[this.next++]
        this.items = []
        this.next = 0
        if (this.failure !== undefined) throw this.failure
        if (this.ended) return
        await new Promise<void>(resolve => {
          this.wake = resolve
        })
      }
    } finally {
      this.taken = false
    }
  }
}
