/** Indices into the shared words. */
const Word = { arrived: 0, round: 1, taken: 2 } as const

/**
 * Where the threads of a team meet: none leaves before all have arrived. Between meetings, they share a list
 * of jobs by taking the next number, starting from 0. A waiting thread is blocked.
 */
export class Rendezvous {
  /** Bytes of the shared memory, zero at first. */
  static readonly bytes = 3 * Int32Array.BYTES_PER_ELEMENT
  private readonly words: Int32Array<SharedArrayBuffer>

  constructor(
    memory: SharedArrayBuffer,
    private readonly threads: number,
  ) {
    this.words = new Int32Array(memory)
  }

  meet(): void {
    const { words } = this
    const round = Atomics.load(words, Word.round)
    if (Atomics.add(words, Word.arrived, 1) + 1 === this.threads) {
      Atomics.store(words, Word.arrived, 0)
      Atomics.store(words, Word.taken, 0)
      Atomics.add(words, Word.round, 1)
      Atomics.notify(words, Word.round)
    } else {
      while (Atomics.load(words, Word.round) === round) Atomics.wait(words, Word.round, round)
    }
  }

  /** Runs each of `count` jobs on whichever thread is free first. */
  share(count: number, run: (job: number) => void): void {
    for (let job = this.take(); job < count; job = this.take()) run(job)
  }

  private take(): number {
    return Atomics.add(this.words, Word.taken, 1)
  }
}
