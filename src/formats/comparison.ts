// Made from schemas/comparison.schema.json by `npm run formats`: change the schema, not this file.

import type { RankedHotspot } from './report.ts'

/**
 * What two reports have in common and where they differ. Plain JSON: the output of `voxrisk compare --json`.
 */
export interface ReportComparison {
  /** Whether both digests are equal. If so, every integer of the two maps is equal. */
  readonly equal: boolean
  /** Which digests are equal. */
  readonly digests: {
    /** Whether the digests of the raw moments are equal. */
    readonly moments: boolean
    /** Whether the digests of the hotspots are equal. */
    readonly hotspots: boolean
  }
  /** Differences in version, instrument, grid, kernel, lateness and calibration. */
  readonly settings: readonly Difference[]
  /** Differences in the account of the rows. */
  readonly rows: readonly Difference[]
  /** How many hotspots each map has and how many it lists. */
  readonly counts: {
    /** Report a. */
    readonly a: HotspotCounts
    /** Report b. */
    readonly b: HotspotCounts
  }
  /**
   * The listed hotspots, paired; null if tick, lot or grid differ, because voxels of one map then have no
   * counterpart in the other.
   */
  readonly hotspots: HotspotComparison | null
}

/**
 * The hotspots listed in two reports. A report lists only its best, so one listed only in a may still exist
 * in b, far down.
 */
export interface HotspotComparison {
  /** In the same voxel in both, in a's order. */
  readonly both: readonly HotspotPair[]
  /**
   * In different voxels no further apart than the kernel reaches; in a's order. Each hotspot is in at most
   * one pair.
   */
  readonly moved: readonly HotspotPair[]
  /** Listed only in a. */
  readonly onlyA: readonly RankedHotspot[]
  /** Listed only in b. */
  readonly onlyB: readonly RankedHotspot[]
}

/** One hotspot in both reports. */
export interface HotspotPair {
  /** In report a. */
  readonly a: RankedHotspot
  /** In report b. */
  readonly b: RankedHotspot
  /** Score in b − score in a. A multiple of 2^-16. */
  readonly scoreChange: number
  /** Rank in b − rank in a; below 0 if it rose. Integer. */
  readonly rankChange: number
  /** Offset in bins from a's voxel to b's. */
  readonly shift: {
    /** Time bins. Integer, −8 … 8. */
    readonly time: number
    /** Price bins. Integer, −8 … 8. */
    readonly price: number
    /** Size bins. Integer, −8 … 8. */
    readonly size: number
  }
}

/** A value that differs between the two reports. */
export interface Difference {
  /** Its path in a report, such as `grid.timeWidth`. */
  readonly name: string
  /** The value in report a. */
  readonly a: string | number | readonly number[]
  /** The value in report b. */
  readonly b: string | number | readonly number[]
}

/** Counts of the hotspots of one map. */
export interface HotspotCounts {
  /** Hotspots of the whole map. Integer, 0 or more. */
  readonly found: number
  /** Hotspots listed in its report. Integer, 0 or more. */
  readonly listed: number
}
