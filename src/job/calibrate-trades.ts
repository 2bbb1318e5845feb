import type { Backend } from '../engine/steps.ts'
import { TickConverter } from '../events/convert.ts'
import { checkLateness, DEFAULT_LATENESS } from '../events/lateness.ts'
import type { TradeSource } from '../events/trades.ts'
import { type KernelRadii, tradeKernel } from '../layers/trades/grid.ts'
import { type Calibration, calibrate } from '../map/calibration.ts'
import { memorySpool, type Spool } from '../read/spool.ts'
import type { Instrument } from '../units/instrument.ts'
import { Measure } from './measure.ts'
import { type Stage, Stages } from './stages.ts'
import { ticksOf } from './ticks-of.ts'
import { mismatch } from './verify.ts'

/** Options of `calibrateTrades`. Whatever is left out is found from the trades. */
export interface CalibrateTradesOptions {
  /** Where the terms of the score are summed; borrowed. */
  readonly backend: Backend
  /** A second backend that must give the same integers. */
  readonly verifyOn?: Backend
  /** Width of a time bin, µs; default 15 minutes. */
  readonly timeWidth?: number
  /**
   * Smallest price increment: decimal text in quote currency, such as `0.01`. By default the greatest that
   * all prices share.
   */
  readonly tickSize?: string
  /**
   * Size unit: decimal text in the feed's size unit, such as `0.001`. By default the greatest that all sizes
   * share, as far as 32 bits and exact sums allow.
   */
  readonly lotSize?: string
  /**
   * Width of a price bin: decimal text in quote currency, a whole number of ticks. By default found from the
   * data.
   */
  readonly priceWidth?: string
  /** Size bins per octave, as a power of two: 0 … 4 for 1 … 16 bins. Default 0. */
  readonly sizeResolution?: number
  /** Radii of the smoothing kernel in bins, 0 … 8 each and at most 14 together; default 4, 1 and 2. */
  readonly radii?: KernelRadii
  /** Default: what the source says, or linear if it says nothing. */
  readonly contract?: Instrument['contract']
  /** Time bins a tick may lag behind the newest one; default 1. */
  readonly lateness?: number
  /** Where trades are stored between the passes over them; by default in memory. */
  readonly newSpool?: () => Spool | Promise<Spool>
  /** Called now and then with the number of rows a stage has done. */
  readonly onProgress?: (stage: Stage, rows: number) => void
}

/** Default width of a time bin, µs: 15 minutes. */
export const DEFAULT_TIME_WIDTH = 900_000_000

/**
 * Learns a calibration from the trades of a source. Reads them once into a spool, finds tick, lot and grid,
 * then the mean and spread of the score's terms.
 * @throws {VoxriskError} of reading or calibrating; `mismatch` when `verifyOn` differs
 */
export async function calibrateTrades(
  source: TradeSource,
  options: CalibrateTradesOptions,
): Promise<Calibration> {
  const { calibration, spool } = await learn(source, options, new Stages(options.onProgress))
  await spool.destroy()
  return calibration
}

/**
 * The calibration of the trades, and the trades in a spool, to be read again. The caller must destroy the
 * spool.
 * @throws as {@link calibrateTrades}, leaving nothing open
 */
export async function learn(
  source: TradeSource,
  options: CalibrateTradesOptions,
  stages: Stages,
): Promise<{ calibration: Calibration; spool: Spool }> {
  checkLateness(options.lateness ?? DEFAULT_LATENESS) // before the long read
  const spool = await (options.newSpool ?? memorySpool)()
  try {
    const found = await stages.timed('read', () => measureInto(spool, source, options, stages))
    const calibration = await stages.timed('calibrate', async () => {
      const { backend, verifyOn, lateness, radii } = options
      const history = () =>
        ticksOf(source, stages.watched('calibrate', spool.chunks()), new TickConverter(found.instrument))
      const on = (backend: Backend) =>
        calibrate(history, {
          backend,
          ...found,
          ...(lateness === undefined ? {} : { lateness }),
          ...(radii === undefined ? {} : { radii }),
        })
      const learnt = await on(backend)
      if (verifyOn && JSON.stringify(await on(verifyOn)) !== JSON.stringify(learnt)) {
        throw mismatch(`${backend.name} and ${verifyOn.name} learnt different calibrations`)
      }
      return learnt
    })
    return { calibration, spool }
  } catch (error) {
    await spool.destroy()
    throw error
  }
}

/** First pass: fills the spool and measures the trades. */
async function measureInto(
  spool: Spool,
  source: TradeSource,
  options: CalibrateTradesOptions,
  stages: Stages,
): Promise<Pick<Calibration, 'instrument' | 'grid'>> {
  const { tickSize, lotSize, priceWidth, sizeResolution } = options
  const settings = {
    timeWidth: options.timeWidth ?? DEFAULT_TIME_WIDTH,
    contract: options.contract ?? source.contract ?? 'linear',
    ...(tickSize === undefined ? {} : { tickSize }),
    ...(lotSize === undefined ? {} : { lotSize }),
    ...(priceWidth === undefined ? {} : { priceWidth }),
    ...(sizeResolution === undefined ? {} : { sizeResolution }),
  }
  const measure = new Measure(settings, tradeKernel(options.radii))
  for await (const chunk of stages.watched('read', source.chunks())) {
    measure.add(chunk)
    await spool.write(chunk)
  }
  const instrument = measure.instrument(source.symbol)
  return { instrument, grid: measure.grid(instrument) }
}
