/**
 * The two inner loops of smoothing, over all moments of a voxel. A plain loop over the moments takes 1.8 to
 * 2.5 times as long as an unrolled one (measured), so there is unrolled code for the number of moments that
 * layers have.
 */
export interface MomentLoops {
  /**
   * Adds a voxel's moments to positions `step` apart in the strip, weighted:
   * strip[at + i·step …] += weight · weights[first − i] · moments[from …] for i = 0 … count − 1.
   */
  spread(
    strip: Float64Array,
    at: number,
    step: number,
    count: number,
    moments: Float64Array,
    from: number,
    weights: Float64Array,
    first: number,
    weight: number,
  ): void
  /** smoothed[at …] = Σ weights[k] · strip[first + k …], with `first` in voxels */
  gather(smoothed: Float64Array, at: number, strip: Float64Array, first: number, weights: Float64Array): void
}

/** The loops for this number of moments. */
export function momentLoops(moments: number): MomentLoops {
  return moments === 5 ? fiveMoments : anyMoments(moments)
}

/** The loops for five moments, unrolled. */
const fiveMoments: MomentLoops = {
  spread(strip, at, step, count, moments, from, weights, first, weight) {
    const a = moments[from]
    const b = moments[from + 1]
    const c = moments[from + 2]
    const d = moments[from + 3]
    const e = moments[from + 4]
    for (let i = 0; i < count; i++) {
      const by = weight * weights[first - i]
      const to = at + i * step
      strip[to] += by * a
      strip[to + 1] += by * b
      strip[to + 2] += by * c
      strip[to + 3] += by * d
      strip[to + 4] += by * e
    }
  },

  gather(smoothed, at, strip, first, weights) {
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    let e = 0
    let from = first * 5
    for (let k = 0; k < weights.length; k++, from += 5) {
      const weight = weights[k]
      a += weight * strip[from]
      b += weight * strip[from + 1]
      c += weight * strip[from + 2]
      d += weight * strip[from + 3]
      e += weight * strip[from + 4]
    }
    smoothed[at] = a
    smoothed[at + 1] = b
    smoothed[at + 2] = c
    smoothed[at + 3] = d
    smoothed[at + 4] = e
  },
}

/** The loops for any number of moments. */
export function anyMoments(moments: number): MomentLoops {
  return {
    spread(strip, at, step, count, raw, from, weights, first, weight) {
      for (let i = 0; i < count; i++) {
        const by = weight * weights[first - i]
        const to = at + i * step
        for (let m = 0; m < moments; m++) strip[to + m] += by * raw[from + m]
      }
    },

    gather(smoothed, at, strip, first, weights) {
      for (let m = 0; m < moments; m++) {
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * strip[(first + k) * moments + m]
        smoothed[at + m] = sum
      }
    },
  }
}
