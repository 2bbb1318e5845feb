/** Hands out small integers and reuses returned ones, last in, first out. */
export class Slots {
  private next = 0
  private readonly free: number[] = []

  /** One more than the highest slot ever taken. */
  get highWater(): number {
    return this.next
  }

  /** Slots in use. */
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
