import type { ScoredPage } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import { MOMENT_COUNT, MOMENTS } from '../layers/trades/moments.ts'

/** Compares the scored pages of two maps of the same ticks, page by page as they arrive. */
export class PageComparison {
  /** Voxels compared so far, all equal in every moment and in the score. */
  voxels = 0
  private readonly waiting: [ScoredPage[], ScoredPage[]] = [[], []]

  /** @param names names of the two backends, for messages */
  constructor(private readonly names: readonly [string, string]) {}

  /** @throws {VoxriskError} `mismatch` at the first integer that differs */
  add(side: 0 | 1, page: ScoredPage): void {
    this.waiting[side].push(page)
    const [first, second] = this.waiting
    while (first.length > 0 && second.length > 0)
      this.compare(first.shift() as ScoredPage, second.shift() as ScoredPage)
  }

  /** @throws {VoxriskError} `mismatch` when one map gave more pages than the other */
  end(): void {
    const [first, second] = this.waiting
    if (first.length !== second.length) {
      throw mismatch(`the number of scored pages differs by ${Math.abs(first.length - second.length)}`)
    }
  }

  private compare(a: ScoredPage, b: ScoredPage): void {
    if (a.slab !== b.slab || a.page !== b.page) {
      throw mismatch(
        `${this.names[0]} scored page ${a.page} of slab ${a.slab} where ${this.names[1]} scored ${b.page} of ${b.slab}`,
      )
    }
    const voxels = a.scores.length
    for (let i = 0; i < a.smoothed.length; i++) {
      if (a.smoothed[i] !== b.smoothed[i]) {
        const what = `smoothed ${MOMENTS[i % MOMENT_COUNT]}`
        this.differ(a, Math.floor(i / MOMENT_COUNT), what, a.smoothed[i], b.smoothed[i])
      }
    }
    for (let i = 0; i < voxels; i++) {
      if (a.scores[i] !== b.scores[i]) this.differ(a, i, 'score', a.scores[i], b.scores[i])
    }
    this.voxels += voxels
  }

  private differ(page: ScoredPage, voxel: number, what: string, a: number, b: number): never {
    const price = page.page * PAGE_PRICES + (voxel % PAGE_PRICES)
    const size = Math.floor(voxel / PAGE_PRICES)
    throw mismatch(
      `${what} of voxel (time ${page.slab}, price ${price}, size ${size}) is ${a} on ${this.names[0]} and ${b} on ${this.names[1]}`,
    )
  }
}

/** The error when two backends disagree. */
export function mismatch(message: string): VoxriskError {
  return new VoxriskError(
    'mismatch',
    message,
    'Trust neither result; report this with the adapter name, the driver version and the settings.',
  )
}
