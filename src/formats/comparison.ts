// Made from schemas/comparison.schema.json by `npm run formats`: change the schema, not this file.

import type { RankedHotspot } from './report.ts'

/** What two reports have in common and what not. Plain JSON: the output of `voxrisk compare --json`. */
export interface ReportComparison {
  /** Whether both digests are equal: then so is every integer of the two maps. */
  readonly equal: boolean
  /** Which digests are equal. */
  readonly digests: {
    /** Of the raw moments. */
    readonly moments: boolean
    /** Of the hotspots. */
    readonly hotspots: boolean
  }
  /** Version, instrument, grid, kernel, lateness and calibration, where they differ. */
  readonly settings: readonly Difference[]
  /** The account of the rows, where it differs. */
  readonly rows: readonly Difference[]
  /** How many hotspots each map has and lists. */
  readonly counts: {
    /** Report a. */
    readonly a: HotspotCounts
    /** Report b. */
    readonly b: HotspotCounts
  }
  /**
   * The hotspots listed, paired; null when tick, lot or grid differ, so that voxels of one have no number in
   * the other.
   */
  readonly hotspots: HotspotComparison | null
}

/**
 * The hotspots that two reports list. A report lists its best only, so one that is "only" in a may be far
 * down in b.
 */
export interface HotspotComparison {
  /** Same voxel in both, in a's order. */
  readonly both: readonly HotspotPair[]
  /**
   * Not in one voxel, but no further apart than the kernel reaches; in a's order, each hotspot in one pair at
   * most.
   */
  readonly moved: readonly HotspotPair[]
  /** Listed by a only. */
  readonly onlyA: readonly RankedHotspot[]
  /** Listed by b only. */
  readonly onlyB: readonly RankedHotspot[]
}

/** One hotspot as both reports have it. */
export interface HotspotPair {
  /** In report a. */
  readonly a: RankedHotspot
  /** In report b. */
  readonly b: RankedHotspot
  /** Score in b − score in a. A multiple of 2^-16. */
  readonly scoreChange: number
  /** Rank in b − rank in a: below 0, it rose. Integer. */
  readonly rankChange: number
  /** Bins from a's voxel to b's. */
  readonly shift: {
    /** Time bins. Integer, −8 … 8. */
    readonly time: number
    /** Price bins. Integer, −8 … 8. */
    readonly price: number
    /** Size bins. Integer, −8 … 8. */
    readonly size: number
  }
}

/** Something that the two reports say differently. */
export interface Difference {
  /** Where it stands in a report, such as `grid.timeWidth`. */
  readonly name: string
  /** What report a says. */
  readonly a: string | number | readonly number[]
  /** What report b says. */
  readonly b: string | number | readonly number[]
}

/** The hotspots of one map. */
export interface HotspotCounts {
  /** Hotspots of the whole map. Integer, 0 or more. */
  readonly found: number
  /** Hotspots in the list of its report. Integer, 0 or more. */
  readonly listed: number
}
