import { DEFAULT_RADII, type KernelRadii } from 'voxrisk/engine'
import { count } from '../report/text.ts'
import type { Distribution, Pixels, Sweep } from './result.ts'
import type { TapeSpec } from './ticks.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** A case for kernels and whole job, and the sweeps it belongs to. */
export interface PlannedCase extends TapeSpec {
  readonly sweeps: readonly Sweep[]
  /** Whether the peers run it too. */
  readonly peers: boolean
}

/** What a run measures, and how long it may take. */
export interface Plan {
  /** Whether the result is marked as one of fewer and smaller cases. */
  readonly quick: boolean
  /** Most seconds per race. */
  readonly raceSeconds: number
  /**
   * Approximate number of races. If time is short, each gets its share, so that every question gets an
   * answer.
   */
  readonly races: number
  readonly repeats: number
  /** Bytes of the buffers to copy: the ceiling. */
  readonly copyBytes: number
  /** Bytes written at once. */
  readonly uploadBatches: readonly number[]
  /** Bytes written in total, per figure. */
  readonly uploadBytes: number
  readonly readbackBytes: readonly number[]
  /** Binning by batch: the tape, and the batch sizes in bytes. */
  readonly batchTape: TapeSpec
  readonly binBatches: readonly number[]
  /** In order of importance: the last ones are left out when time runs short. */
  readonly cases: readonly PlannedCase[]
  readonly live: { readonly tape: TapeSpec; readonly updates: readonly { ticks: number; repeats: number }[] }
  /** Maps to draw. */
  readonly frames: { readonly tapes: readonly TapeSpec[]; readonly pixels: Pixels }
}

/** Merges identical cases into one that belongs to all their sweeps. */
function merged(cases: readonly PlannedCase[]): PlannedCase[] {
  const found = new Map<string, PlannedCase>()
  for (const planned of cases) {
    const { sweeps, peers, ...spec } = planned
    const key = JSON.stringify([
      spec.distribution,
      spec.ticks,
      spec.voxels,
      spec.bins,
      Object.values(spec.radii),
    ])
    const same = found.get(key)
    found.set(key, {
      ...spec,
      sweeps: [...new Set([...(same?.sweeps ?? []), ...sweeps])],
      peers: peers || (same?.peers ?? false),
    })
  }
  return [...found.values()]
}

const radii = (price: number, size: number, time: number): KernelRadii => ({ price, size, time })

interface Sizes {
  /** Time bins of a realistic day. */
  readonly bins: number
  /** Ticks of the case that all other cases vary. */
  readonly base: number
  readonly ticks: readonly number[]
  /** Ticks spread over each number of voxels. */
  readonly spread: number
  readonly voxels: readonly number[]
  readonly radii: readonly KernelRadii[]
  readonly distributionTicks: number
}

function casesOf(sizes: Sizes): PlannedCase[] {
  const one = (
    distribution: Distribution,
    ticks: number,
    sweeps: readonly Sweep[],
    more: Partial<PlannedCase> = {},
  ): PlannedCase => ({ distribution, ticks, radii: DEFAULT_RADII, sweeps, peers: false, ...more })
  const { base, distributionTicks, bins } = sizes
  return merged([
    one('realistic', base, ['ticks', 'radii', 'distribution'], { bins, peers: true }),
    one('spread', distributionTicks, ['distribution'], { voxels: distributionTicks / 5 }),
    one('one-voxel', distributionTicks, ['distribution']),
    ...sizes.radii.map(radii => one('realistic', base, ['radii'], { bins, radii })),
    ...sizes.ticks.map(ticks => one('realistic', ticks, ['ticks'], { bins })),
    ...sizes.voxels.map(voxels => one('spread', sizes.spread, ['voxels'], { voxels })),
  ])
}

const FULL_BASE = { distribution: 'realistic', ticks: 1_000_000, bins: 1440, radii: DEFAULT_RADII } as const
const QUICK_BASE = { distribution: 'realistic', ticks: 100_000, bins: 24, radii: DEFAULT_RADII } as const

/**
 * The whole benchmark, sized for a GPU. Slower machines leave out what they cannot do in time, and say so.
 */
export const FULL: Plan = {
  quick: false,
  raceSeconds: 20,
  races: 54,
  repeats: 15,
  copyBytes: 256 * MIB,
  uploadBatches: [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 2 * MIB, 4 * MIB, 16 * MIB, 64 * MIB],
  uploadBytes: 256 * MIB,
  readbackBytes: [4 * KIB, 64 * KIB, MIB, 16 * MIB],
  batchTape: { distribution: 'spread', ticks: 6_000_000, voxels: 100_000, radii: DEFAULT_RADII },
  binBatches: [4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB, 16 * MIB, 64 * MIB],
  cases: casesOf({
    bins: FULL_BASE.bins,
    base: FULL_BASE.ticks,
    ticks: [100_000, 300_000, 3_000_000, 10_000_000, 30_000_000],
    spread: 30_000_000,
    // Of the 10.6 million, 10 million are touched.
    voxels: [100_000, 300_000, 1_000_000, 3_000_000, 10_600_000],
    radii: [radii(0, 0, 0), radii(1, 1, 1), radii(2, 1, 2), radii(8, 2, 4)],
    distributionTicks: 1_000_000,
  }),
  live: {
    tape: { distribution: 'realistic', ticks: 1_000_000, radii: DEFAULT_RADII },
    updates: [
      { ticks: 1000, repeats: 500 },
      { ticks: 10_000, repeats: 300 },
      { ticks: 100_000, repeats: 100 },
    ],
  },
  frames: {
    tapes: [
      FULL_BASE,
      // About a million of them are touched.
      { distribution: 'spread', ticks: 3_000_000, voxels: 1_060_000, radii: DEFAULT_RADII },
    ],
    pixels: { width: 1280, height: 720 },
  },
}

/** The same questions in two minutes, with fewer and smaller cases. */
export const QUICK: Plan = {
  quick: true,
  raceSeconds: 4,
  races: 27,
  repeats: 5,
  copyBytes: 64 * MIB,
  uploadBatches: [4 * KIB, 64 * KIB, MIB, 16 * MIB],
  uploadBytes: 32 * MIB,
  readbackBytes: [4 * KIB, MIB],
  batchTape: { distribution: 'spread', ticks: 300_000, voxels: 10_240, radii: DEFAULT_RADII },
  binBatches: [16 * KIB, 256 * KIB, MIB],
  cases: casesOf({
    bins: QUICK_BASE.bins,
    base: QUICK_BASE.ticks,
    ticks: [300_000],
    spread: 300_000,
    voxels: [10_240, 51_200],
    radii: [radii(0, 0, 0)],
    distributionTicks: 100_000,
  }),
  live: {
    tape: { distribution: 'realistic', ticks: 100_000, bins: 24, radii: DEFAULT_RADII },
    updates: [
      { ticks: 1000, repeats: 100 },
      { ticks: 10_000, repeats: 20 },
      { ticks: 100_000, repeats: 5 },
    ],
  },
  frames: { tapes: [QUICK_BASE], pixels: { width: 320, height: 180 } },
}

/** Describes a case's tape in words. */
export function describe({ distribution, ticks, voxels, radii }: TapeSpec): string {
  const { price, size, time } = radii
  const box = voxels ? ` over ${count(voxels)} voxels` : ''
  return `${count(ticks)} ticks, ${distribution}${box}, radii ${price} ${size} ${time}`
}
