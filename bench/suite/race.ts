/** What one contestant runs when its turn comes. All do the same work. */
export interface Turn<T> {
  /** Id of the contestant. */
  readonly id: string
  run(): Promise<T>
}

export interface RaceLimits {
  /** Most timed runs per contestant. */
  readonly repeats: number
  /**
   * Seconds the race should take. It ends early once every contestant has {@link LEAST_REPEATS}. A contestant
   * that would need far longer for those is left out.
   */
  readonly seconds: number
}

export interface Race<T> {
  /** Each contestant's result of the warm-up, before anything is timed. */
  readonly first: ReadonlyMap<string, T>
  /** Each contestant's results of the timed runs, in order; without those that were left out. */
  readonly runs: ReadonlyMap<string, readonly T[]>
  /** The contestants that were left out, and the seconds one run took. */
  readonly tooSlow: ReadonlyMap<string, number>
}

/** With fewer runs a median means nothing. */
export const LEAST_REPEATS = 3

/** Milliseconds since some moment. */
type Clock = () => number
const HOST_CLOCK: Clock = () => performance.now()

/**
 * Lets contestants do the same work in turns. Each warms up once. Then they all run once per round,
 * alternating between forward and backward order, so that none always runs after the same other one.
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

/**
 * Runs one function alone: once to warm up, then at least {@link LEAST_REPEATS} times, however slow it is.
 */
export async function repeat<T>(run: () => Promise<T>, limits: RaceLimits, clock = HOST_CLOCK): Promise<T[]> {
  const elapsed = stopwatch(clock)
  await run()
  const runs: T[] = []
  while (runs.length < LEAST_REPEATS || (runs.length < limits.repeats && elapsed() < limits.seconds)) {
    runs.push(await run())
  }
  return runs
}

/** Returns the seconds since it was created. */
function stopwatch(clock: Clock): () => number {
  const start = clock()
  return () => (clock() - start) / 1000
}
