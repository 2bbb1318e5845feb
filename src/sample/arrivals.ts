import { STEP } from './market.ts'
import type { Random } from './random.ts'

/**
 * One order brings others, `offspring` of them on average: its excitement decays, and `kept` is what is left of it after
 * one step. 0.5 (gone in a third of a second) stands for machines that react, 0.996 (in 50 seconds) for people.
 */
const EXCITEMENTS = [
  { offspring: 0.3, kept: 0.5 },
  { offspring: 0.35, kept: 0.996 },
] as const

/** Share of the orders that come by themselves. */
const SPONTANEOUS = 1 - EXCITEMENTS[0].offspring - EXCITEMENTS[1].offspring

/**
 * Arrivals of orders: a self-exciting (Hawkes) process, its intensity held within a step but for the arrivals
 * themselves, and decaying by multiplication from step to step. Next arrivals are found by time rescaling: an
 * exponential budget is used up by the intensity (Papangelou 1972).
 */
export class Arrivals {
  private budget: number
  private spontaneous = 0
  private quick = 0
  private slow = 0
  /** µs within the step. */
  private at = 0
  private readonly quickJump = jump(EXCITEMENTS[0])
  private readonly slowJump = jump(EXCITEMENTS[1])

  constructor(private readonly random: Random) {
    this.budget = random.exponential()
  }

  /** @param intensity mean number of orders a µs, those that others bring included */
  step(intensity: number): void {
    this.spontaneous = intensity * SPONTANEOUS
    this.quick *= EXCITEMENTS[0].kept
    this.slow *= EXCITEMENTS[1].kept
    this.at = 0
  }

  /** The next arrival, in µs within the step, or −1 when the step has no more. */
  next(): number {
    const intensity = this.spontaneous + this.quick + this.slow
    const wait = this.budget / intensity
    if (this.at + wait >= STEP) {
      this.budget -= (STEP - this.at) * intensity
      return -1
    }
    this.at += wait
    this.budget = this.random.exponential()
    this.quick += this.quickJump
    this.slow += this.slowJump
    return this.at
  }
}

/** Rise of the intensity with one arrival: on average half of its step is left, then it decays step by step. */
function jump({ offspring, kept }: (typeof EXCITEMENTS)[number]): number {
  return offspring / (STEP * (0.5 + kept / (1 - kept)))
}
