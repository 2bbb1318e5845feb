import { log2 } from '../../support/oracle.ts'
import type { Pulse } from './layer.ts'
import { EDGES, KAPPA } from './moments.ts'

type Moments = [events: bigint, charge: bigint]

/** What the oracle needs to know, all of it plain. */
export interface PulseSettings {
  readonly priceWidth: number
  readonly timeWidth: number
  readonly radii: { readonly price: number; readonly class: number; readonly time: number }
  /** Mean (Q16) and coefficient (Q10) of the term, a class at a time. */
  readonly constants: Int32Array
}

/** A map of pulses by its definition, over voxel names `time,price,class`. No pulse is late. */
export function pulseOracle(pulses: readonly Pulse[], settings: PulseSettings) {
  const { radii, constants } = settings
  const classes = EDGES.length + 1
  const raw = new Map<string, Moments>()
  for (const { time, price, charge } of pulses) {
    const bin = EDGES.findIndex(edge => Math.abs(charge) < edge)
    const name = `${[
      Math.floor(time / settings.timeWidth),
      Math.floor(price / settings.priceWidth),
      bin < 0 ? classes - 1 : bin,
    ]}`
    const moments = raw.get(name) ?? [0n, 0n]
    moments[0] += 1n
    moments[1] += BigInt(charge)
    raw.set(name, moments)
  }
  const weights = [radii.time, radii.price, radii.class].map(binomial)
  const centre = weights.map(row => row[row.length >> 1]).reduce((a, b) => a * b)
  const smoothed = new Map<string, Moments>()
  for (const name of raw.keys()) {
    const sum: Moments = [0n, 0n]
    for (const [other, [events, charge]] of raw) {
      const a = name.split(',').map(Number)
      const weight = other
        .split(',')
        .map((bin, axis) => weights[axis][Number(bin) - a[axis] + (weights[axis].length >> 1)] ?? 0n)
        .reduce((product, factor) => product * factor)
      sum[0] += weight * events
      sum[1] += weight * charge
    }
    smoothed.set(name, sum)
  }
  const terms = new Map<string, number>()
  const scores = new Map<string, number>()
  for (const [name, [events, charge]] of smoothed) {
    const [, price, bin] = name.split(',').map(Number)
    const size = charge < 0n ? -charge : charge
    const middle = Math.max(1, price * settings.priceWidth + Math.floor(settings.priceWidth / 2))
    const term = log2(size > 0n ? size : 1n) - log2(events) - log2(BigInt(middle))
    terms.set(name, term)
    if (events < BigInt(KAPPA) * centre) continue
    const deviation = Math.min(Math.max((term - constants[2 * bin]) >> 4, -65_536), 65_536)
    scores.set(name, (deviation * constants[2 * bin + 1]) >> 6)
  }
  const peaks = [...scores.keys()].filter(name => {
    const here = name.split(',').map(Number)
    return [...scores].every(([other, score]) => {
      const there = other.split(',').map(Number)
      const apart = there.map((bin, axis) => bin - here[axis])
      if (other === name || apart.some(step => Math.abs(step) > 1)) return true
      const [time, price, bin] = apart
      const isLower = (time || bin || price) < 0
      return score < scores.get(name)! || (score === scores.get(name) && !isLower)
    })
  })
  return { raw, smoothed, terms, scores, peaks }
}

/** C(2r, k), k = 0 … 2r. */
function binomial(radius: number): bigint[] {
  let row = [1n]
  for (let i = 0; i < 2 * radius; i++) row = [...row, 0n].map((weight, k) => weight + (row[k - 1] ?? 0n))
  return row
}
