import { EPISODE_PLANS, levelAt } from './episodes.ts'
import type { Random } from './random.ts'

/** µs for which the hidden market stays constant. */
export const STEP = 200_000
export const STEPS_A_DAY = 86_400e6 / STEP

const STEPS_AN_HOUR = STEPS_A_DAY / 24
const STEPS_A_SECOND = 1e6 / STEP

/**
 * Relative volatility and trading by hour, UTC: humps when Asia, Europe and America start trading, and a
 * quiet night.
 */
// biome-ignore format: a table
const VOLATILITY_BY_HOUR = [
  1, 1.05, 0.95, 0.8, 0.7, 0.65, 0.75, 1, 1.15, 1.05, 0.95, 0.9,
  1, 1.35, 1.6, 1.55, 1.35, 1.15, 1, 0.9, 0.85, 0.8, 0.75, 0.8,
]
// biome-ignore format: a table
const TRADING_BY_HOUR = [
  0.95, 1, 0.9, 0.75, 0.65, 0.6, 0.7, 0.95, 1.1, 1.05, 0.95, 0.9,
  1.05, 1.4, 1.65, 1.6, 1.4, 1.2, 1.05, 0.95, 0.9, 0.85, 0.8, 0.85,
]

/** Levels that volatility and trading move between together, from one spell of minutes to the next. */
const SWINGS = [0.6, 0.75, 0.9, 1, 1.15, 1.5]
const SPELL_STEPS = 180 * STEPS_A_SECOND
const SWING_STEPS = 30 * STEPS_A_SECOND

/** Standard deviation of the relative price change over an ordinary day, 1.8 %, converted to one step. */
const STEP_VOLATILITY = 0.018 / Math.sqrt(STEPS_A_DAY)

/** Full stress multiplies volatility and the intensity of orders by 1 + this. */
const STRESS_MULTIPLE = 5
/** Time constant that pulls the price back to an episode's course. */
const COURSE_STEPS = 120 * STEPS_A_SECOND
/** Time constant with which stress wears off after the window. */
const AFTERMATH_STEPS = 600 * STEPS_A_SECOND

/**
 * Memory of the trend that aggressors follow, and how much a trend of one standard deviation adds to the
 * probability of a buy.
 */
const TREND_STEPS = 20 * STEPS_A_SECOND
const TREND_LEAN = 0.08

/**
 * The market behind the trades, advanced step by step through one day: a hidden mid price and the state that
 * orders need. It has its own random numbers, so a day takes the same course however many trades it has.
 */
export class Market {
  /** Relative to the price at midnight. */
  mid = 1
  /** Relative to an ordinary moment: standard deviation of the price change in a given time. */
  volatility = 1
  /** Relative to an ordinary moment: intensity of orders. */
  trading = 1
  /** Probability that an order buys. */
  buying = 0.5
  /** 0 (an ordinary market) … 1 (full stress). */
  stress = 0

  private step = 0
  private swing = 1
  private swingTo = 1
  private trend = 0
  private episode = 0
  private readonly windows: readonly { from: number; to: number }[]
  private anchor = 0

  /** @param starts start of each of {@link EPISODE_PLANS} in µs after midnight */
  constructor(
    private readonly random: Random,
    starts: readonly number[],
  ) {
    this.windows = EPISODE_PLANS.map(({ minutes }, i) => ({
      from: starts[i]! / STEP,
      to: (starts[i]! + minutes * 60e6) / STEP,
    }))
  }

  advance(): void {
    const { random } = this
    const hour = this.step / STEPS_AN_HOUR
    if (random.unit() * SPELL_STEPS < 1) this.swingTo = SWINGS[Math.floor(random.unit() * SWINGS.length)]!
    this.swing += (this.swingTo - this.swing) / SWING_STEPS

    const push = this.pushed()
    const stressed = this.swing * (1 + STRESS_MULTIPLE * this.stress)
    this.volatility = byHour(VOLATILITY_BY_HOUR, hour) * stressed
    this.trading = byHour(TRADING_BY_HOUR, hour) * stressed

    const change = push + this.volatility * STEP_VOLATILITY * random.normal()
    this.mid += change
    // Scaled so that the trend of a driftless price has variance 1 whatever the volatility.
    const surprise = change / (this.volatility * STEP_VOLATILITY)
    this.trend += (surprise * Math.sqrt(2 * TREND_STEPS) - this.trend) / TREND_STEPS
    this.buying = Math.min(Math.max(0.5 + this.lean() + TREND_LEAN * this.trend, 0.05), 0.95)
    this.step++
  }

  /** Sets the stress. Returns the relative price change that an episode adds in this step. */
  private pushed(): number {
    const window = this.windows[this.episode]
    if (!window || this.step < window.from) {
      this.stress -= this.stress / AFTERMATH_STEPS
      return 0
    }
    const plan = EPISODE_PLANS[this.episode]!
    const length = window.to - window.from
    const share = (this.step - window.from) / length
    if (share >= 1) {
      this.episode++
      this.anchor = 0
      return 0
    }
    if (this.anchor === 0) this.anchor = this.mid
    this.stress = levelAt(plan.stress, share)
    const course = levelAt(plan.course, share)
    const onward = levelAt(plan.course, Math.min(share + 1 / length, 1)) - course
    return onward + (this.anchor + course - this.mid) / COURSE_STEPS
  }

  /** How much the current episode shifts the probability of a buy. */
  private lean(): number {
    const window = this.windows[this.episode]
    return window && this.step >= window.from ? EPISODE_PLANS[this.episode]!.lean * this.stress : 0
  }
}

/** Linear between full hours; the last hour runs on into midnight. */
function byHour(table: readonly number[], hour: number): number {
  const before = Math.floor(hour)
  const from = table[before % 24]!
  return from + (table[(before + 1) % 24]! - from) * (hour - before)
}
