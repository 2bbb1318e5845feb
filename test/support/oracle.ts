import { centrePrice } from '../../src/grid/axes.ts'
import { tradeKernel } from '../../src/layers/trades/grid.ts'
import type { Calibration } from '../../src/map/calibration.ts'
import { gridSizeBin, type Tick } from './ticks.ts'

/** Raw or smoothed moments of a voxel, without any limit of size. */
type BigMoments = [trades: bigint, volume: bigint, flow: bigint, variation: bigint, covariation: bigint]

export interface OracleResult {
  readonly raw: Map<string, BigMoments>
  readonly smoothed: Map<string, BigMoments>
  readonly scores: Map<string, number>
  /** Activity, volatility and flow as parts of the scores. */
  readonly parts: Map<string, number[]>
  readonly peaks: { voxel: string; score: number; moments: BigMoments }[]
  readonly late: number
}

const KAPPA = 8n

/**
 * The whole map by its definition, in BigInt and dense loops over voxel names `time,price,size`: no pages, no
 * timetable, no shared arithmetic. Slow and hard to get wrong; both backends are held against it.
 */
export function oracle(ticks: readonly Tick[], calibration: Calibration, lateness: number): OracleResult {
  const { grid } = calibration
  const kernel = tradeKernel(calibration.kernel)
  const raw = new Map<string, BigMoments>()
  const slabs = new Set<number>()
  let newest = Number.NEGATIVE_INFINITY
  let previous: { price: number; time: number; increment: number; flags: number } | null = null
  let rule = 0
  let late = 0
  for (const { time, price, size, side, flags = 0 } of ticks) {
    const slab = Math.floor(time / grid.timeWidth)
    if (slab < newest - lateness) {
      late++
      continue
    }
    newest = Math.max(newest, slab)
    slabs.add(slab)
    const marked: boolean =
      previous !== null &&
      flags === 0 &&
      !(previous.flags & 1) &&
      time - previous.time <= grid.timeWidth &&
      2 * Math.abs(price - previous.price) <= previous.price
    const increment: number = marked && previous ? price - previous.price : 0
    if (increment !== 0) rule = Math.sign(increment)
    const aggressor = side !== 0 ? side : rule
    const voxel = `${slab},${Math.floor(price / grid.priceWidth)},${gridSizeBin(size, grid)}`
    const moments = raw.get(voxel) ?? [0n, 0n, 0n, 0n, 0n]
    moments[0] += 1n
    moments[1] += BigInt(size)
    moments[2] += BigInt(aggressor * size)
    moments[3] += BigInt(increment) ** 2n
    moments[4] += BigInt(increment) * BigInt(previous?.increment ?? 0)
    raw.set(voxel, moments)
    previous = { price, time, increment, flags }
  }

  const smoothed = new Map<string, BigMoments>()
  const [first, last] = [Math.min(...slabs), Math.max(...slabs)]
  const { radii } = kernel
  for (const [name, moments] of raw) {
    const [time, price, size] = name.split(',').map(Number)
    for (let t = -radii.time; t <= radii.time; t++) {
      for (let p = -radii.price; p <= radii.price; p++) {
        for (let s = -radii.class; s <= radii.class; s++) {
          const to = [time + t, price + p, size + s]
          if (to[0] < first || to[0] > last || to[1] < 0 || to[2] < 0 || to[2] >= grid.sizeBins) continue
          const weight = BigInt(
            kernel.time[t + radii.time] * kernel.price[p + radii.price] * kernel.class[s + radii.class],
          )
          const sum = smoothed.get(`${to}`) ?? [0n, 0n, 0n, 0n, 0n]
          for (let m = 0; m < 5; m++) sum[m] += weight * moments[m]
          smoothed.set(`${to}`, sum)
        }
      }
    }
  }

  const scores = new Map<string, number>()
  const parts = new Map<string, number[]>()
  const shrinkage = KAPPA * BigInt(kernel.centre)
  for (const [voxel, moments] of smoothed) {
    if (moments[0] < shrinkage || !raw.has(voxel)) continue
    const [, price, size] = voxel.split(',').map(Number)
    const terms = partsOf(moments, price, size, calibration, shrinkage)
    parts.set(voxel, terms)
    scores.set(voxel, terms[0] + terms[1] + terms[2])
  }

  const peaks: OracleResult['peaks'] = []
  for (const [voxel, score] of scores) {
    const [time, price, size] = voxel.split(',').map(Number)
    let beaten = false
    for (const t of [-1, 0, 1]) {
      for (const s of [-1, 0, 1]) {
        for (const p of [-1, 0, 1]) {
          const order = t || s || p
          const other = scores.get(`${[time + t, price + p, size + s]}`)
          if (order === 0 || other === undefined) continue
          if (other > score || (other === score && order < 0)) beaten = true
        }
      }
    }
    if (!beaten) peaks.push({ voxel, score, moments: smoothed.get(voxel) as BigMoments })
  }
  return { raw, smoothed, scores, parts, peaks, late }
}

/** Activity, volatility and flow of a voxel as parts of its score, as docs/numerics.md defines them. */
function partsOf(
  [trades, volume, flow, variation, covariation]: BigMoments,
  priceBin: number,
  sizeBin: number,
  { grid, relativeVariance, score }: Calibration,
  shrinkage: bigint,
): number[] {
  const price = centrePrice(priceBin, grid.priceWidth)
  const prior = BigInt(Math.max(1, Math.round(Number(shrinkage) * relativeVariance * price * price)))
  const corrected = variation + 2n * covariation
  const variance = corrected > 0n ? corrected : 0n
  const terms = {
    activity: log2(volume > 0n ? volume : 1n),
    volatility: ((log2(variance + prior) - log2(trades + shrinkage)) >> 1) - log2(BigInt(price)),
    flow: (ratio(flow < 0n ? -flow : flow, volume) * ratio(trades, trades + shrinkage)) >>> 16,
  }
  return (['activity', 'volatility', 'flow'] as const).map(name => {
    const deviation = (terms[name] - score[name].mean[sizeBin]) >> 4
    return (Math.min(Math.max(deviation, -65_536), 65_536) * score[name].coefficient[sizeBin]) >> 6
  })
}

/** L in Q16: table of round(2^24·log2(1 + i/256)) found here by squaring, 15 bits of linear interpolation. */
export function log2(value: bigint): number {
  const exponent = value.toString(2).length - 1
  const mantissa = exponent >= 23 ? value >> BigInt(exponent - 23) : value << BigInt(23 - exponent)
  const index = Number((mantissa >> 15n) & 255n)
  const fraction = mantissa & 0x7fffn
  const base = tableEntry(index)
  const interpolated = base + (((tableEntry(index + 1) - base) * fraction) >> 15n)
  return exponent * 65_536 + Number((interpolated + 128n) >> 8n)
}

const entries = new Map<number, bigint>()

function tableEntry(index: number): bigint {
  let entry = entries.get(index)
  if (entry === undefined) {
    const one = 1n << 120n
    let x = one + (one * BigInt(index)) / 256n
    let bits = 0n
    for (let i = 0; i < 40; i++) {
      x = (x * x) / one
      bits *= 2n
      if (x >= 2n * one) {
        x /= 2n
        bits += 1n
      }
    }
    entry = index === 256 ? 1n << 24n : (bits + (1n << 15n)) >> 16n
    entries.set(index, entry)
  }
  return entry
}

/** Q16 ratio after a common shift to 16 bits. */
function ratio(part: bigint, whole: bigint): number {
  if (whole === 0n) return 0
  const shift = BigInt(Math.max(0, whole.toString(2).length - 16))
  const quotient = ((part >> shift) << 16n) / (whole >> shift)
  return Number(quotient < 65_535n ? quotient : 65_535n)
}
