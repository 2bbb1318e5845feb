// Made from schemas/report.schema.json by `npm run formats`: change the schema, not this file.

import type { Calibration, Grid, Instrument, KernelRadii } from './calibration.ts'

/** Everything a run found out. Plain JSON: the output of `voxrisk map --json`. */
export interface MapReport extends MapRun {
  /** The best hotspots, highest score first. */
  readonly hotspots: readonly RankedHotspot[]
}

/** What a run found out, apart from its list of hotspots. */
export interface MapRun {
  /** The software. */
  readonly voxrisk: {
    /** Version of voxrisk. Numbers such as 1.2.3. */
    readonly version: string
  }
  /** What is traded and in which steps. */
  readonly instrument: Instrument
  /**
   * The axes of a map of trades: price × trade size × time. Price and time bins are numbered absolutely (from
   * price 0 and from 1970), so equal settings give equal bins on any day.
   */
  readonly grid: Grid
  /** The smoothing kernel. */
  readonly kernel: {
    /** Radii of the smoothing kernel, in bins of each axis; together at most 14. */
    readonly radii: KernelRadii
    /** c: weight of the centre voxel. Integer, 1 … 268,435,456. */
    readonly centre: number
    /** M: sum of all weights, a power of four. Integer, 1 … 268,435,456. */
    readonly total: number
  }
  /** The calibration the map stands on. */
  readonly calibration: Calibration
  /** Time bins a trade could lag behind the newest one. Integer, 0 … 10,000. */
  readonly lateness: number
  /** Where it was computed. */
  readonly backend: UsedBackend
  /** The account of every row: read = binned + all of outside + all of rejected. */
  readonly rows: {
    /** Rows met, headers not counted. Integer, 1 or more. */
    readonly read: number
    /** Trades in the map. Integer, 0 or more. */
    readonly binned: number
    /** Valid trades that are not in the map, by reason. */
    readonly outside: Readonly<Record<string, number>>
    /** Rows that are no valid trade, by reason. */
    readonly rejected: Readonly<Record<string, number>>
    /**
     * What a reader should know of rows that were kept: ties, steps back in time, identical neighbours, gaps
     * of ids.
     */
    readonly noted: Readonly<Record<string, number>>
  }
  /** Trades in the map without a price increment, by reason, and what they would have carried. */
  readonly unmarked: {
    /** The first trade. Integer, 1 or more. */
    readonly first?: number
    /** After a gap longer than a time bin. Integer, 1 or more. */
    readonly gap?: number
    /** On a jump over half the previous price. Integer, 1 or more. */
    readonly jump?: number
    /** Flagged by the venue. Integer, 1 or more. */
    readonly flagged?: number
    /** After one that the venue flags. Integer, 1 or more. */
    readonly 'after-flagged'?: number
    /** After a session break. Integer, 1 or more. */
    readonly 'session-break'?: number
    /** Share of the squared variation ΣΔp² they would have carried. 0 … 1. */
    readonly shareOfVariation: number
  }
  /** How sizes became whole lots. */
  readonly sizes: {
    /** Trades whose size was rounded. Integer, 0 or more. */
    readonly rounded: number
    /** Positive sizes under half a lot, kept with volume 0. Integer, 0 or more. */
    readonly dust: number
    /** Σ (rounded − printed), the feed's size unit. */
    readonly roundingSum: number
  }
  /** What two maps are compared by. */
  readonly digest: Digest
  /** Hotspots of the whole map. Integer, 0 or more. */
  readonly hotspotsFound: number
  /** What a reader should know before trusting the hotspots. */
  readonly warnings: readonly string[]
  /** Only with --verify: the other backend, and the voxels in which every integer was equal. */
  readonly verified?: {
    /** The other backend. */
    readonly against: UsedBackend
    /** Voxels compared. Integer, 0 or more. */
    readonly voxels: number
  }
  /**
   * Seconds by stage (`read`, `calibrate`, `map`, and `total` for the whole job; 0 for one that did not run)
   * and by step of the map. A map that a program feeds itself has steps only.
   */
  readonly timings: Readonly<Record<string, number>>
}

/**
 * A local maximum of the risk score with its facts. Ranges are those of the voxel: `from` included, `to`
 * excluded. Counts and sums are taken over the kernel's neighbourhood, in units of its centre weight, so a
 * trade in the voxel itself counts 1 and one at the rim little.
 */
export interface Hotspot {
  /**
   * Risk score, a sum of standardised terms: 0 is ordinary, above 3 rare. A multiple of 2^-16. −32,768 …
   * 32,768.
   */
  readonly score: number
  /** Time range. */
  readonly time: {
    /**
     * Begin, included. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs where those
     * are not whole.
     */
    readonly from: string
    /**
     * End, excluded. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs where those are
     * not whole.
     */
    readonly to: string
  }
  /** Price range, quote currency. */
  readonly price: {
    /** Lowest price, included. A decimal number as text in its shortest form, such as 0.05. */
    readonly from: string
    /** Highest price, excluded. A decimal number above 0 as text in its shortest form, such as 0.05. */
    readonly to: string
  }
  /** Range of trade sizes, the feed's size unit. */
  readonly size: {
    /** Smallest size, included. A decimal number as text in its shortest form, such as 0.05. */
    readonly from: string
    /** Largest size, excluded; null in the last size bin, which is open upwards. */
    readonly to: string | null
  }
  /** Kernel-weighted number of trades. Above 0. */
  readonly trades: number
  /** Kernel-weighted volume, the feed's size unit. 0 or more. */
  readonly volume: number
  /** Flow imbalance: −1 is all sold, 1 all bought. −1 … 1. */
  readonly imbalance: number
  /** Volatility a trade, free of bid-ask bounce, in basis points of the price. 0 or more. */
  readonly volatilityBps: number
  /** The smoothed moments. */
  readonly moments: MomentTexts
  /** The voxel, as absolute bin numbers. */
  readonly voxel: {
    /** Time bin, counted from 1970. Integer, 0 or more. */
    readonly time: number
    /** Price bin, counted from price 0. Integer, 0 or more. */
    readonly price: number
    /** Size bin. Integer, 0 … 462. */
    readonly size: number
  }
}

/** A hotspot in a ranked list. */
export interface RankedHotspot extends Hotspot {
  /** Place in the list, from 1. Integer, 1 or more. */
  readonly rank: number
}

/** Where the steps ran. */
export interface UsedBackend {
  /** Kind of backend. */
  readonly name: 'cpu' | 'webgpu'
  /** The adapter in words; for the CPU, how it runs. */
  readonly adapter: string
}

/** SHA-256 of everything the map gives: equal trades and settings give equal digests on every backend. */
export interface Digest {
  /** Over the raw moments of all voxels. A SHA-256, 64 hexadecimal digits. */
  readonly moments: string
  /** Over all hotspots with their smoothed moments. A SHA-256, 64 hexadecimal digits. */
  readonly hotspots: string
}

/**
 * Smoothed moments of a hotspot by name, exact integers as decimal text: they may pass 2^53 in other tools'
 * hands.
 */
export interface MomentTexts {
  /** Σ weight. A whole number above 0 as text. */
  readonly trades: string
  /** Σ weight · size, lots. A whole number from 0 on as text. */
  readonly volume: string
  /** Σ weight · side · size, lots. A whole number as text. */
  readonly flow: string
  /** Σ weight · Δp², squared ticks. A whole number from 0 on as text. */
  readonly variation: string
  /** Σ weight · Δp · Δp′ with Δp′ the increment of the tick before, squared ticks. A whole number as text. */
  readonly covariation: string
}
