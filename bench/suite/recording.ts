import {
  DEFAULT_LATENESS,
  type EventBatch,
  logClass,
  MapFeed,
  type MapSteps,
  Meta,
  mapShape,
  PAGE_PRICES,
  type RetireWork,
  TICK,
  TickPacker,
} from 'voxrisk/engine'
import type { Tape } from './ticks.ts'

/** Words per packed tick, and entries before the first tick: see `EventBatch`. */
export const TICK_WORDS = TICK.words
const CONTEXT = TICK.context

/** Why a case that `record` has no room for is left out. */
export const TOO_MANY_PAGES = 'a slab has more pages than a device here can hold'

/** The calls that a feed made to its backend, to be repeated on another one without the feed. */
export interface Recording {
  /** Every packed tick, in order, after the two context entries of the first. */
  readonly words: Uint32Array<ArrayBuffer>
  readonly ticks: number
  readonly commands: readonly Command[]
  /** Number of distinct voxels touched by ticks, counted per slab. */
  readonly touchedVoxels: number
  /** Raw pages released. */
  readonly pages: number
}

/** A run of ticks up to (not including) a number, or work on closed slabs. */
export type Command =
  | { readonly kind: 'bin'; readonly to: number; readonly pages: number }
  | { readonly kind: 'retire'; readonly work: RetireWork }

/**
 * Feeds a tape to a backend that only records its calls.
 * @param room pages that fit every contestant's backend, and pages to retire at once
 */
export async function record(tape: Tape, room: { limit: number; perRetire: number }): Promise<Recording> {
  const { grid } = tape.calibration
  const shape = mapShape(tape.calibration)
  const words = new Uint32Array(TICK_WORDS * (CONTEXT + tape.ticks.length))
  const commands: Command[] = []
  const voxels = PAGE_PRICES * grid.sizeBins
  const touched: Uint8Array[] = []
  let ticks = 0
  let touchedVoxels = 0
  let pages = 0
  const take = (batch: EventBatch) => {
    const added = batch.words.subarray(TICK_WORDS * CONTEXT, TICK_WORDS * batch.entries)
    words.set(added, TICK_WORDS * (CONTEXT + ticks))
    for (let at = 0; at < added.length; at += TICK_WORDS) {
      const slot = added[at + 2] >>> Meta.slotShift
      touched[slot] ??= new Uint8Array(voxels)
      const size = Math.min(logClass(added[at + 1], grid.sizeResolution), grid.sizeBins - 1)
      const voxel = size * PAGE_PRICES + (Math.floor(added[at] / grid.priceWidth) % PAGE_PRICES)
      touchedVoxels += 1 - touched[slot][voxel]
      touched[slot][voxel] = 1
    }
    ticks += batch.entries - CONTEXT
    commands.push({ kind: 'bin', to: ticks, pages: batch.pages })
  }
  const steps: MapSteps = {
    pageLimit: room.limit,
    keptPageLimit: Number.POSITIVE_INFINITY,
    pagesPerRetire: room.perRetire,
    seconds: {},
    bin: take,
    async retire(work) {
      commands.push({ kind: 'retire', work })
      for (const { slot } of work.release) touched[slot]?.fill(0)
      pages += work.release.count
      return { peaks: [], checksums: [] }
    },
    survey: async () => {},
    termSums: async () => ({ sums: new BigInt64Array() }),
    readRaw: async () => [],
    readKept: async () => [],
    settle: async () => {},
    destroy: () => {},
  }
  const feed = new MapFeed(steps, shape, new TickPacker(grid.timeWidth), {
    lateness: DEFAULT_LATENESS,
    keepSlabs: 0,
    leastEvents: shape.layer.kappa,
    onWork: async work => {
      await steps.retire(work, false)
    },
  })
  await feed.ingest(tape.ticks)
  await feed.end()
  return { words, ticks, commands, touchedVoxels, pages }
}

/** The recorded ticks `from` … `to` as a batch, without copying. */
export function batchOf(recording: Recording, from: number, to: number, pages: number): EventBatch {
  const words = recording.words.subarray(TICK_WORDS * from, TICK_WORDS * (CONTEXT + to))
  return { words, entries: CONTEXT + to - from, pages }
}
