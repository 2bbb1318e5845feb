/** Gives out small integers, reusing the ones handed back (last in, first out). */
export class Slots {
  private next = 0
  private readonly free: number[] = []

  /** One more than the highest slot ever taken. */
  get highWater(): number {
    return this.next
  }

  /** Slots taken and not handed back. */
  get taken(): number {
    return this.next - this.free.length
  }

  take(): number {
    return this.free.pop() ?? this.next++
  }

  release(slot: number): void {
    this.free.push(slot)
  }
}
