import { log2Q16 } from '../fixed/log2.ts'

// biome-ignore lint/suspicious/noApproximativeNumericConstant: the language fixes Math.LN2 only approximately
const LN2 = 0.6931471805599453
const SQRT3 = 1.7320508075688772

/**
 * Random numbers that are the same on every machine: sfc32 by Chris Doty-Humphrey (PractRand, public domain)
 * over 32-bit integers. The variates derived from it use only integer arithmetic and basic IEEE operations.
 */
export class Random {
  private a: number
  private b: number
  private c = 0x9e3779b9 | 0
  private counter = 1

  /** @param stream separates generators with the same seed */
  constructor(seed: number, stream: number) {
    this.a = seed | 0
    this.b = stream | 0
    for (let round = 0; round < 15; round++) this.word()
  }

  /** 0 … 2^32 − 1 */
  word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  /** Uniform, 0 ≤ u < 1. */
  unit(): number {
    return this.word() / 0x1_0000_0000
  }

  /** Exponential with mean 1: −ln of a uniform, using the engine's own logarithm. */
  exponential(): number {
    return (32 - log2Q16(0, this.word() | 1) / 65_536) * LN2
  }

  /** Near-normal, mean 0, variance 1, within ±3.5: the sum of four 16-bit uniforms. */
  normal(): number {
    const one = this.word()
    const two = this.word()
    const sum = (one & 0xffff) + (one >>> 16) + (two & 0xffff) + (two >>> 16)
    return (sum / 65_536 - 2) * SQRT3
  }
}
