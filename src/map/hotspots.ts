import { type Grid, sizeBinFrom } from '../grid/axes.ts'
import type { Kernel } from '../grid/kernel.ts'
import { formatDecimal, type Instrument, parseDecimal } from '../ticks/instrument.ts'
import { MOMENTS, type Peak } from './backend.ts'

/** Smoothed moments of a hotspot by name, exact integers in decimal text: they may pass 2^53 in other tools' hands. */
export type MomentTexts = Record<(typeof MOMENTS)[number], string>

/**
 * A local maximum of the risk score with its facts. Ranges are those of the voxel: `from` included, `to` excluded.
 * Counts and sums are taken over the kernel's neighbourhood, in units of its centre weight, so a trade in the voxel
 * itself counts 1 and one at the rim little.
 */
export interface Hotspot {
  /** Risk score, a sum of standardised terms: 0 is ordinary, above 3 rare. */
  readonly score: number
  /** ISO 8601, UTC. */
  readonly time: { readonly from: string; readonly to: string }
  /** Decimal text, quote currency. */
  readonly price: { readonly from: string; readonly to: string }
  /** Decimal text, the feed's size unit; `to` is null in the last size bin, which is open upwards. */
  readonly size: { readonly from: string; readonly to: string | null }
  /** Kernel-weighted number of trades. */
  readonly trades: number
  /** Kernel-weighted volume, the feed's size unit. */
  readonly volume: number
  /** Flow imbalance, −1 (all sold) … +1 (all bought). */
  readonly imbalance: number
  /** Volatility a trade, free of bid-ask bounce, in basis points of the price. */
  readonly volatilityBps: number
  readonly moments: MomentTexts
  /** The voxel, as absolute bin numbers. */
  readonly voxel: { readonly time: number; readonly price: number; readonly size: number }
}

/** Turns peaks into hotspots, with one code for every backend. */
export class HotspotFacts {
  private readonly tick
  private readonly lot
  private readonly lotSize: number

  constructor(
    instrument: Instrument,
    private readonly grid: Grid,
    private readonly kernel: Kernel,
  ) {
    this.tick = parseDecimal(instrument.tickSize, 'tick size')
    this.lot = parseDecimal(instrument.lotSize, 'lot size')
    this.lotSize = Number(instrument.lotSize)
  }

  hotspot(peak: Peak): Hotspot {
    const { grid, kernel } = this
    const [trades, volume, flow, variation, covariation] = peak.moments as unknown as [
      number,
      number,
      number,
      number,
      number,
    ]
    const centre = (peak.priceBin + 0.5) * grid.priceWidth
    const variance = Math.max(variation + 2 * covariation, 0) / trades
    return {
      score: peak.score / 65_536,
      time: { from: this.time(peak.slab), to: this.time(peak.slab + 1) },
      price: { from: this.price(peak.priceBin), to: this.price(peak.priceBin + 1) },
      size: {
        from: this.size(peak.sizeBin),
        to: peak.sizeBin + 1 < grid.sizeBins ? this.size(peak.sizeBin + 1) : null,
      },
      trades: trades / kernel.centre,
      volume: (volume / kernel.centre) * this.lotSize,
      imbalance: volume > 0 ? flow / volume : 0,
      volatilityBps: (Math.sqrt(variance) / centre) * 10_000,
      moments: Object.fromEntries(MOMENTS.map((name, m) => [name, `${peak.moments[m]}`])) as MomentTexts,
      voxel: { time: peak.slab, price: peak.priceBin, size: peak.sizeBin },
    }
  }

  private time(bin: number): string {
    return new Date((bin * this.grid.timeBin) / 1000).toISOString()
  }

  private price(bin: number): string {
    return formatDecimal(bin * this.grid.priceWidth * this.tick.units, this.tick.decimals)
  }

  private size(bin: number): string {
    return formatDecimal(sizeBinFrom(bin, this.grid.sizeResolution) * this.lot.units, this.lot.decimals)
  }
}

/** Order of peaks within and across slabs: the absolute (time, size, price) index. */
export function byVoxel(a: Peak, b: Peak): number {
  return a.slab - b.slab || a.sizeBin - b.sizeBin || a.priceBin - b.priceBin
}

/** Highest score first; equal scores in (time, size, price) order. The input stays as it is. */
export function rankHotspots(hotspots: readonly Hotspot[]): Hotspot[] {
  return [...hotspots].sort(
    (a, b) =>
      b.score - a.score ||
      a.voxel.time - b.voxel.time ||
      a.voxel.size - b.voxel.size ||
      a.voxel.price - b.voxel.price,
  )
}
