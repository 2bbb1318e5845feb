// Made from schemas/report.schema.json by `npm run formats`: change the schema, not this file.

import type { Calibration, Grid, Instrument, KernelRadii } from './calibration.ts'

/** All results of a run. Plain JSON: the output of `voxrisk map --json`. */
export interface MapReport extends MapRun {
  /** The best hotspots, highest score first. */
  readonly hotspots: readonly RankedHotspot[]
}

/** All results of a run except its list of hotspots. */
export interface MapRun {
  /** The software. */
  readonly voxrisk: {
    /** Version of voxrisk. A version number such as 1.2.3. */
    readonly version: string
  }
  /** What is traded, and its increments. */
  readonly instrument: Instrument
  /**
   * The axes of a map of trades: price × trade size × time. Price and time bins are numbered absolutely (from
   * price 0 and from 1970), so equal settings give equal bins on any day.
   */
  readonly grid: Grid
  /** The smoothing kernel. */
  readonly kernel: {
    /** Radii of the smoothing kernel, in bins of each axis; at most 14 in total. */
    readonly radii: KernelRadii
    /** c: weight of the centre voxel. Integer, 1 … 268,435,456. */
    readonly centre: number
    /** M: sum of all weights, a power of four. Integer, 1 … 268,435,456. */
    readonly total: number
  }
  /** The calibration used for the map. */
  readonly calibration: Calibration
  /** Time bins a trade may lag behind the newest one. Integer, 0 … 10,000. */
  readonly lateness: number
  /** The backend it was computed on. */
  readonly backend: UsedBackend
  /** The account of every row: read = binned + all of outside + all of rejected. */
  readonly rows: {
    /** Rows read, not counting headers. Integer, 1 or more. */
    readonly read: number
    /** Trades in the map. Integer, 0 or more. */
    readonly binned: number
    /** Valid trades that are not in the map, by reason. */
    readonly outside: Readonly<Record<string, number>>
    /** Rows that are not valid trades, by reason. */
    readonly rejected: Readonly<Record<string, number>>
    /**
     * Peculiarities of the rows that were kept: ties, steps back in time, identical neighbours, gaps in the
     * ids.
     */
    readonly noted: Readonly<Record<string, number>>
  }
  /** Trades in the map without a price increment, by reason, and how much they would have contributed. */
  readonly unmarked: {
    /** The first trade. Integer, 1 or more. */
    readonly first?: number
    /** After a gap longer than a time bin. Integer, 1 or more. */
    readonly gap?: number
    /** With a price jump of more than half the previous price. Integer, 1 or more. */
    readonly jump?: number
    /** Flagged by the venue. Integer, 1 or more. */
    readonly flagged?: number
    /** After a trade flagged by the venue. Integer, 1 or more. */
    readonly 'after-flagged'?: number
    /** After a session break. Integer, 1 or more. */
    readonly 'session-break'?: number
    /** Share of the squared variation ΣΔp² that they would have contributed. 0 … 1. */
    readonly shareOfVariation: number
  }
  /** How sizes were rounded to whole lots. */
  readonly sizes: {
    /** Trades whose size was rounded. Integer, 0 or more. */
    readonly rounded: number
    /** Positive sizes under half a lot, kept with volume 0. Integer, 0 or more. */
    readonly dust: number
    /** Σ (rounded − printed), in the feed's size unit. */
    readonly roundingSum: number
  }
  /** Digests for comparing maps. */
  readonly digest: Digest
  /** Hotspots of the whole map. Integer, 0 or more. */
  readonly hotspotsFound: number
  /** What to know before trusting the hotspots. */
  readonly warnings: readonly string[]
  /** Only with --verify: the other backend, and the number of voxels in which every integer was equal. */
  readonly verified?: {
    /** The other backend. */
    readonly against: UsedBackend
    /** Voxels compared. Integer, 0 or more. */
    readonly voxels: number
  }
  /**
   * Seconds by stage (`read`, `calibrate`, `map`, and `total` for the whole job; 0 for a stage that did not
   * run) and by step of the map. A map fed by a program has only steps.
   */
  readonly timings: Readonly<Record<string, number>>
}

/**
 * A local maximum of the risk score with its facts. Ranges are those of the voxel: `from` included, `to`
 * excluded. Counts and sums cover the kernel's neighbourhood, in units of its centre weight: a trade in the
 * voxel itself counts 1, one at the edge little.
 */
export interface Hotspot {
  /**
   * Risk score, a sum of standardised terms: 0 is ordinary, above 3 is rare. A multiple of 2^-16. −32,768 …
   * 32,768.
   */
  readonly score: number
  /** Time range. */
  readonly time: {
    /**
     * Start, included. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if not whole
     * ms.
     */
    readonly from: string
    /**
     * End, excluded. A time such as 2026-01-31T09:30:00.000Z: ISO 8601, UTC, in ms, or in µs if not whole ms.
     */
    readonly to: string
  }
  /** Price range, in quote currency. */
  readonly price: {
    /** Lowest price, included. A decimal number as text in its shortest form, such as 0.05. */
    readonly from: string
    /** Highest price, excluded. A decimal number above 0 as text in its shortest form, such as 0.05. */
    readonly to: string
  }
  /** Range of trade sizes, in the feed's size unit. */
  readonly size: {
    /** Smallest size, included. A decimal number as text in its shortest form, such as 0.05. */
    readonly from: string
    /** Largest size, excluded; null in the last size bin, which has no upper limit. */
    readonly to: string | null
  }
  /** Kernel-weighted number of trades. Above 0. */
  readonly trades: number
  /** Kernel-weighted volume, in the feed's size unit. 0 or more. */
  readonly volume: number
  /** Flow imbalance: −1 is all sold, 1 is all bought. −1 … 1. */
  readonly imbalance: number
  /** Volatility per trade, free of bid-ask bounce, in basis points of the price. 0 or more. */
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
  /** Position in the list, from 1. Integer, 1 or more. */
  readonly rank: number
}

/** The backend that ran the steps. */
export interface UsedBackend {
  /** Kind of backend. */
  readonly name: 'cpu' | 'webgpu'
  /** Description of the adapter; for the CPU, how it runs. */
  readonly adapter: string
}

/**
 * SHA-256 digests of all results of the map: equal trades and settings give equal digests on every backend.
 */
export interface Digest {
  /** Digest of the raw moments of all voxels. A SHA-256, 64 hexadecimal digits. */
  readonly moments: string
  /** Digest of all hotspots with their smoothed moments. A SHA-256, 64 hexadecimal digits. */
  readonly hotspots: string
}

/**
 * Smoothed moments of a hotspot by name: exact integers as decimal text, because they may exceed 2^53, which
 * other tools cannot hold.
 */
export interface MomentTexts {
  /** Σ weight. A whole number above 0 as text. */
  readonly trades: string
  /** Σ weight · size, in lots. A whole number, 0 or more, as text. */
  readonly volume: string
  /** Σ weight · side · size, in lots. A whole number as text. */
  readonly flow: string
  /** Σ weight · Δp², in squared ticks. A whole number, 0 or more, as text. */
  readonly variation: string
  /**
   * Σ weight · Δp · Δp′, where Δp′ is the increment of the tick before, in squared ticks. A whole number as
   * text.
   */
  readonly covariation: string
}
