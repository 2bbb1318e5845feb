import { validateCalibration } from 'virtual:voxrisk-validators'
import { constantCount, sumCount } from '../engine/layer.ts'
import type { Backend, MapShape } from '../engine/steps.ts'
import type { TermSums } from '../engine/work.ts'
import { VoxriskError } from '../errors.ts'
import { checkLateness, DEFAULT_LATENESS, OpenBins } from '../events/lateness.ts'
import { Marker } from '../events/marks.ts'
import { checkTicks, type TickColumns } from '../events/ticks.ts'
import type { Calibration } from '../formats/calibration.ts'
import { faultOf } from '../formats/fault.ts'
import { upgradeCalibration } from '../formats/upgrade.ts'
import type { Kernel } from '../grid/kernel.ts'
import { axesOf, checkGrid, type Grid, type KernelRadii, tradeKernel } from '../layers/trades/grid.ts'
import { tradesLayer } from '../layers/trades/layer.ts'
import { TERMS } from '../layers/trades/moments.ts'
import { TickPacker } from '../layers/trades/pack.ts'
import { type Instrument, normalInstrument } from '../units/instrument.ts'
import { isoMillis } from '../units/iso-time.ts'
import { CALLS_IN_FLIGHT, MapFeed } from './feed.ts'

export type { Calibration } from '../formats/calibration.ts'

/** Ticks that can be read more than once. */
export type TickHistory = () => AsyncIterable<TickColumns>

/** What must be fixed before learning a calibration. */
export interface CalibrateOptions {
  /** Where the terms of the score are summed; borrowed. */
  readonly backend: Backend
  /** Symbol, tick size, lot size and kind of contract of the ticks. */
  readonly instrument: Instrument
  /** Widths of the bins, and the size axis. */
  readonly grid: Grid
  /** Radii of the smoothing kernel in bins, 0 … 8 each and at most 14 together; default 4, 1 and 2. */
  readonly radii?: KernelRadii
  /** Time bins a tick may lag behind the newest one, 0 … 10,000; default 1. */
  readonly lateness?: number
}

/** Numbers per size bin in the sums of a survey. */
const SUMS = sumCount(tradesLayer)
/** Weights of activity, volatility and flow in the score. */
const WEIGHTS = [1, 1, 0.5] as const
const COEFFICIENT_MAX = 2 ** 14
/** A size bin's own mean and spread get weight N / (N + 100); the rest goes to those of all bins. */
const MIXING_COUNT = 100
/** The bounce-corrected variance can be ≤ 0 on a short history: keep at least this share of the plain one. */
const LEAST_CORRECTED_SHARE = 1 / 1000

/**
 * Learns a calibration: first q from the marked increments, then the mean and spread of every term in each
 * size bin from all touched voxels, on the given backend. Reads the history twice.
 * @throws {VoxriskError} `bad-data` when the history has no ticks; `overflow`, `out-of-pages`,
 *   `out-of-memory`, device errors
 */
export async function calibrate(history: TickHistory, options: CalibrateOptions): Promise<Calibration> {
  const { backend } = options
  const instrument = normalInstrument(options.instrument)
  const grid = checkGrid(options.grid)
  const kernel = tradeKernel(options.radii)
  const lateness = checkLateness(options.lateness ?? DEFAULT_LATENESS)
  const { relativeVariance, ticks, from, to } = await measureVariance(history, grid, lateness)
  const shape = shapeOf(grid, kernel, relativeVariance)
  const steps = await backend.open(shape)
  let terms: TermSums
  let failure: unknown
  try {
    const feed = new MapFeed(steps, shape, new TickPacker(grid.timeWidth), {
      lateness,
      keepSlabs: 0,
      leastEvents: 1,
      onWork: async work => {
        steps.survey(work).catch(error => {
          failure ??= error
        })
        await steps.settle(CALLS_IN_FLIGHT)
        if (failure !== undefined) throw failure
      },
    })
    for await (const columns of history()) await feed.ingest(columns)
    await feed.end()
    await steps.settle(0)
    if (failure !== undefined) throw failure
    terms = await steps.termSums()
  } finally {
    steps.destroy()
  }
  return {
    format: 'voxrisk calibration 2',
    layer: 'trades',
    instrument,
    grid,
    kernel: { price: kernel.radii.price, size: kernel.radii.class, time: kernel.radii.time },
    relativeVariance,
    score: scoreConstants(terms, grid.sizeBins),
    reference: {
      from: isoMillis(from),
      to: isoMillis(to),
      ticks,
      voxels: sumOver(terms.sums, grid.sizeBins, 0),
    },
  }
}

/**
 * q = Σ (Δp² + 2·Δp·Δp′) / p², divided by the number of ticks (Zhou 1996), and the span of the history. Late
 * ticks are left out.
 */
async function measureVariance(history: TickHistory, grid: Grid, lateness: number) {
  const open = new OpenBins(lateness)
  const marker = new Marker(grid.timeWidth)
  let plain = 0
  let corrected = 0
  let ticks = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  for await (const columns of history()) {
    checkTicks(columns)
    const { length, time, price, side, flags } = columns
    for (let i = 0; i < length; i++) {
      const at = time[i]
      if (!open.admit(Math.floor(at / grid.timeWidth))) continue
      ticks++
      const p = price[i]
      marker.mark(at, p, side[i], flags ? flags[i] : 0)
      const { increment, previousIncrement } = marker
      if (increment !== 0) {
        plain += (increment * increment) / (p * p)
        corrected += (increment * (increment + 2 * previousIncrement)) / (p * p)
      }
      if (at < from) from = at
      if (at > to) to = at
    }
  }
  if (ticks === 0) {
    throw new VoxriskError(
      'bad-data',
      'there are no ticks to calibrate on',
      'Check the file and its symbol.',
      {
        settings: ['symbol'],
      },
    )
  }
  return { relativeVariance: Math.max(corrected, plain * LEAST_CORRECTED_SHARE) / ticks, ticks, from, to }
}

function scoreConstants({ sums }: TermSums, sizeBins: number): Calibration['score'] {
  const terms = TERMS.map((_, term) => {
    const all = meanAndSpread(
      sumOver(sums, sizeBins, 0),
      sumOver(sums, sizeBins, 1 + 2 * term),
      sumOver(sums, sizeBins, 2 + 2 * term),
    )
    const mean: number[] = []
    const coefficient: number[] = []
    for (let bin = 0; bin < sizeBins; bin++) {
      const at = bin * SUMS
      const count = Number(sums[at])
      const own = meanAndSpread(count, Number(sums[at + 1 + 2 * term]), Number(sums[at + 2 + 2 * term]))
      const share = count / (count + MIXING_COUNT)
      const spread = share * own.spread + (1 - share) * all.spread
      mean.push(Math.round((share * own.mean + (1 - share) * all.mean) * 65_536))
      // A term that never varied has no scale, so it takes no part in the score.
      coefficient.push(
        spread > 0 ? Math.min(Math.round((WEIGHTS[term] / spread) * 1024), COEFFICIENT_MAX) : 0,
      )
    }
    return { mean, coefficient }
  })
  return { activity: terms[0], volatility: terms[1], flow: terms[2] }
}

function sumOver(sums: BigInt64Array, sizeBins: number, column: number): number {
  let sum = 0n
  for (let bin = 0; bin < sizeBins; bin++) sum += sums[bin * SUMS + column]
  return Number(sum)
}

/** Mean and standard deviation, in octaves, from sums of terms in Q10. */
function meanAndSpread(count: number, sum: number, squares: number): { mean: number; spread: number } {
  if (count === 0) return { mean: 0, spread: 0 }
  const mean = sum / count / 1024
  const variance = squares / count / 1024 ** 2 - mean * mean
  return { mean, spread: Math.sqrt(Math.max(variance, 0)) }
}

/** What a backend needs to know about a map of trades. Without constants, it only surveys terms. */
function shapeOf(grid: Grid, kernel: Kernel, relativeVariance: number): MapShape {
  return {
    layer: tradesLayer,
    axes: axesOf(grid),
    kernel,
    settings: [grid.sizeResolution],
    learnt: [relativeVariance],
    constants: null,
    details: false,
  }
}

/** The shape of a map that is scored. */
export type ScoredShape = MapShape & { readonly constants: Int32Array }

/** What a backend needs to know about a map with this calibration. */
export function mapShape(calibration: Calibration, details = false): ScoredShape {
  const { grid, kernel, relativeVariance } = calibration
  const shape = shapeOf(grid, tradeKernel(kernel), relativeVariance)
  return { ...shape, constants: scoreTable(calibration), details }
}

/** The constants of the score, in the order of `MapShape.constants`. */
function scoreTable({ grid, score }: Calibration): Int32Array {
  const stride = constantCount(tradesLayer)
  const table = new Int32Array(grid.sizeBins * stride)
  for (let bin = 0; bin < grid.sizeBins; bin++) {
    for (const [term, name] of TERMS.entries()) {
      table[bin * stride + term] = score[name].mean[bin]
      table[bin * stride + TERMS.length + term] = score[name].coefficient[bin]
    }
  }
  return table
}

const FORMAT: Calibration['format'] = 'voxrisk calibration 2'

/**
 * Checks a calibration from outside, such as a JSON file. Upgrades older formats to the current one.
 * @throws {VoxriskError} `bad-setting` saying what is wrong with it
 */
export function checkCalibration(value: unknown): Calibration {
  const upgraded = upgradeCalibration(value)
  const refuse = (what: string): never => {
    throw new VoxriskError('bad-setting', `calibration: ${what}`, 'Make a new calibration.', {
      settings: ['calibration'],
    })
  }
  const format = (upgraded as Partial<Calibration> | null | undefined)?.format
  if (format !== FORMAT) refuse(`format is ${JSON.stringify(format)}, not "${FORMAT}"`)
  const fault = faultOf(validateCalibration, upgraded)
  if (fault !== null) refuse(fault)
  const calibration = upgraded as Calibration
  const { instrument, grid, kernel, score } = calibration
  checkGrid(grid)
  tradeKernel(kernel)
  for (const term of TERMS) {
    for (const name of ['mean', 'coefficient'] as const) {
      const { length } = score[term][name]
      if (length !== grid.sizeBins) {
        refuse(`score.${term}.${name} has ${length} entries for ${grid.sizeBins} size bins`)
      }
    }
  }
  return { ...calibration, instrument: normalInstrument(instrument) }
}
