import { STEP } from './market.ts'
import type { Random } from './random.ts'

/**
 * Each order triggers others, `offspring` of them on average. Its excitement decays; `kept` is the fraction
 * left after one step. 0.5 (gone in a third of a second) models machines, 0.996 (gone in 50 seconds) people.
 */
const EXCITEMENTS = [
  { offspring: 0.3, kept: 0.5 },
  { offspring: 0.35, kept: 0.996 },
] as const

/** Share of the orders that arrive without being triggered. */
const SPONTANEOUS = 1 - EXCITEMENTS[0].offspring - EXCITEMENTS[1].offspring

/**
 * Arrivals of orders: a self-exciting (Hawkes) process. Within a step the intensity is constant except for
 * the jumps of its arrivals; from step to step it decays by multiplication. The next arrival is found by time
 * rescaling: the intensity uses up an exponential budget (Papangelou 1972).
 */
export class Arrivals {
  private budget: number
  private spontaneous = 0
  private quick = 0
  private slow = 0
  /** µs from the start of the step. */
  private at = 0
  private readonly quickJump = jump(EXCITEMENTS[0])
  private readonly slowJump = jump(EXCITEMENTS[1])

  constructor(private readonly random: Random) {
    this.budget = random.exponential()
  }

  /** @param intensity mean number of orders per µs, including triggered ones */
  step(intensity: number): void {
    this.spontaneous = intensity * SPONTANEOUS
    this.quick *= EXCITEMENTS[0].kept
    this.slow *= EXCITEMENTS[1].kept
    this.at = 0
  }

  /** The next arrival, in µs from the start of the step, or −1 when the step has no more. */
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

/**
 * Rise of the intensity with one arrival. On average half of the step is left; after that it decays step by
 * step.
 */
function jump({ offspring, kept }: (typeof EXCITEMENTS)[number]): number {
  return offspring / (STEP * (0.5 + kept / (1 - kept)))
}
