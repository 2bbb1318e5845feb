/** What one contestant does whenever it is its turn; all do the same work. */
export interface Turn<T> {
  /** Id of the contestant. */
  readonly id: string
  run(): Promise<T>
}

export interface RaceLimits {
  /** Timed runs of each contestant at the most. */
  readonly repeats: number
  /** Seconds the race should take: it ends early once each has {@link LEAST_REPEATS}, and who would need far longer for those is left out. */
  readonly seconds: number
}

export interface Race<T> {
  /** What each gave at the warm-up, before any time was taken. */
  readonly first: ReadonlyMap<string, T>
  /** What each gave in the timed runs, in order; without those who were left out. */
  readonly runs: ReadonlyMap<string, readonly T[]>
  /** Who was left out, and how long one run took, in seconds. */
  readonly tooSlow: ReadonlyMap<string, number>
}

/** Fewer runs have no median worth the name. */
export const LEAST_REPEATS = 3

/** Milliseconds since some moment. */
type Clock = () => number
const HOST_CLOCK: Clock = () => performance.now()

/**
 * Lets contestants do the same work in turns. Each warms up once; then rounds follow in which every one runs once, forwards
 * and backwards by turns, so that none always runs behind the same other.
 */
export async function race<T>(
  turns: readonly Turn<T>[],
  limits: RaceLimits,
  clock = HOST_CLOCK,
): Promise<Race<T>> {
  const elapsed = stopwatch(clock)
  const first = new Map<string, T>()
  const tooSlow = new Map<string, number>()
  const running: Turn<T>[] = []
  for (const turn of turns) {
    const from = elapsed()
    first.set(turn.id, await turn.run())
    const seconds = elapsed() - from
    if (seconds * LEAST_REPEATS > limits.seconds) tooSlow.set(turn.id, seconds)
    else running.push(turn)
  }
  const runs = new Map(running.map(({ id }) => [id, [] as T[]]))
  for (let round = 0; round < limits.repeats; round++) {
    if (round >= LEAST_REPEATS && elapsed() * ((round + 1) / round) > limits.seconds) break
    for (const { id, run } of round % 2 === 0 ? running : [...running].reverse()) {
      runs.get(id)!.push(await run())
    }
  }
  return { first, runs, tooSlow }
}

/** Runs something alone: once to warm up, then at least {@link LEAST_REPEATS} times, however slow it is. */
export async function repeat<T>(run: () => Promise<T>, limits: RaceLimits, clock = HOST_CLOCK): Promise<T[]> {
  const elapsed = stopwatch(clock)
  await run()
  const runs: T[] = []
  while (runs.length < LEAST_REPEATS || (runs.length < limits.repeats && elapsed() < limits.seconds)) {
    runs.push(await run())
  }
  return runs
}

/** Seconds since it was made. */
function stopwatch(clock: Clock): () => number {
  const start = clock()
  return () => (clock() - start) / 1000
}
