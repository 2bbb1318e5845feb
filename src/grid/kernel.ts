import { VoxriskError } from '../errors.ts'

/** Radii of the smoothing kernel, in bins of each axis; at most 14 together. */
export interface AxisRadii {
  /** Price bins, 0 … 8. */
  readonly price: number
  /** Classes, 0 … 8. For trades, size bins. */
  readonly class: number
  /** Time bins, 0 … 8. */
  readonly time: number
}

/**
 * Integer smoothing weights, one row per axis. They are binomial coefficients C(2r, k), which approximate a
 * Gaussian with a variance of r/2 bins². A row for radius r has 2r + 1 weights that sum to 4^r.
 */
export interface Kernel {
  /** Radii that the rows are made from. */
  readonly radii: AxisRadii
  /** Weights along the price, lowest price first. */
  readonly price: readonly number[]
  /** Weights along the classes, lowest class first. */
  readonly class: readonly number[]
  /** Weights along the time, earliest bin first. */
  readonly time: readonly number[]
  /** c: the weight of the centre voxel, the product of the rows' largest weights. */
  readonly centre: number
  /** M: the sum of all weights, a power of four. */
  readonly total: number
}

/** The shaders hold a row in 20 words and read at most 8 prices beyond the edges of a page. */
const MAX_RADIUS = 8
/** With M ≤ 4^14 = 2^28, the least weight of a scored voxel, κ·c, fits in 32 bits. */
const MAX_RADII_SUM = 14

function binomialRow(radius: number): number[] {
  let row = [1]
  for (let i = 0; i < 2 * radius; i++) row = [...row, 0].map((weight, k) => weight + (row[k - 1] ?? 0))
  return row
}

/**
 * The kernel with the given radii: 0 … 8 each, at most 14 in total. Radius 0 leaves an axis unsmoothed.
 * @param className what the layer calls its class axis, for messages
 * @throws {VoxriskError} `bad-setting`
 */
export function createKernel(radii: AxisRadii, className = 'class'): Kernel {
  for (const axis of ['price', 'class', 'time'] as const) {
    const radius = radii[axis]
    if (!Number.isInteger(radius) || radius < 0 || radius > MAX_RADIUS) {
      throw new VoxriskError(
        'bad-setting',
        `kernel radius ${axis === 'class' ? className : axis}=${radius} is not a whole number of bins in 0 … ${MAX_RADIUS}`,
        `Give radii such as price 4, ${className} 1, time 2.`,
        { settings: ['radii'] },
      )
    }
  }
  if (radii.price + radii.class + radii.time > MAX_RADII_SUM) {
    throw new VoxriskError(
      'bad-setting',
      `kernel radii ${radii.price} + ${radii.class} + ${radii.time} add up to more than ${MAX_RADII_SUM}`,
      'Use smaller radii, and wider bins to smooth as far.',
      { settings: ['radii'] },
    )
  }
  const price = binomialRow(radii.price)
  const classes = binomialRow(radii.class)
  const time = binomialRow(radii.time)
  return {
    radii: { price: radii.price, class: radii.class, time: radii.time },
    price,
    class: classes,
    time,
    centre: price[radii.price] * classes[radii.class] * time[radii.time],
    total: 4 ** (radii.price + radii.class + radii.time),
  }
}
