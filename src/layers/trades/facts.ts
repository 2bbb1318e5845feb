import type { Peak } from '../../engine/work.ts'
import type { Hotspot } from '../../formats/report.ts'
import type { Kernel } from '../../grid/kernel.ts'
import { logClassFrom } from '../../grid/log-classes.ts'
import { formatDecimal, type Instrument, parseDecimal } from '../../units/instrument.ts'
import { isoTime } from '../../units/iso-time.ts'
import type { Grid } from './grid.ts'

export type { Hotspot } from '../../formats/report.ts'

/** Turns peaks into hotspots. The same code serves every backend. */
export class HotspotFacts {
  private readonly tick
  private readonly lotSize: number
  /** Smallest size of every size bin, decimal text. */
  private readonly sizes: readonly string[]
  private slab = Number.NaN
  private range: Hotspot['time'] = { from: '', to: '' }

  constructor(
    instrument: Instrument,
    private readonly grid: Grid,
    private readonly kernel: Kernel,
  ) {
    this.tick = parseDecimal(instrument.tickSize, 'tick size')
    this.lotSize = Number(instrument.lotSize)
    this.sizes = sizeTexts(instrument, grid)
  }

  hotspot(peak: Peak): Hotspot {
    const { grid, kernel } = this
    const { moments } = peak
    const trades = moments[0]
    const volume = moments[1]
    const flow = moments[2]
    const variation = moments[3]
    const covariation = moments[4]
    const centre = (peak.priceBin + 0.5) * grid.priceWidth
    const variance = Math.max(variation + 2 * covariation, 0) / trades
    return {
      score: peak.score / 65_536,
      time: this.timeRange(peak.slab),
      price: { from: this.price(peak.priceBin), to: this.price(peak.priceBin + 1) },
      size: { from: this.sizes[peak.classBin], to: this.sizes[peak.classBin + 1] ?? null },
      trades: trades / kernel.centre,
      volume: (volume / kernel.centre) * this.lotSize,
      imbalance: volume > 0 ? flow / volume : 0,
      volatilityBps: (Math.sqrt(variance) / centre) * 10_000,
      moments: {
        trades: `${trades}`,
        volume: `${volume}`,
        flow: `${flow}`,
        variation: `${variation}`,
        covariation: `${covariation}`,
      },
      voxel: { time: peak.slab, price: peak.priceBin, size: peak.classBin },
    }
  }

  /** Peaks come slab by slab, so the last range can usually be reused. */
  private timeRange(slab: number): Hotspot['time'] {
    if (slab !== this.slab) {
      const { timeWidth } = this.grid
      this.slab = slab
      this.range = { from: isoTime(slab * timeWidth), to: isoTime((slab + 1) * timeWidth) }
    }
    return this.range
  }

  private price(bin: number): string {
    return formatDecimal(bin * this.grid.priceWidth * this.tick.units, this.tick.decimals)
  }
}

/** Smallest size of every size bin, decimal text in the feed's size unit. */
export function sizeTexts({ lotSize }: Instrument, { sizeBins, sizeResolution }: Grid): string[] {
  const lot = parseDecimal(lotSize, 'lot size')
  return Array.from({ length: sizeBins }, (_, bin) =>
    formatDecimal(logClassFrom(bin, sizeResolution) * lot.units, lot.decimals),
  )
}
