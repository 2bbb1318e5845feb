/** How long it takes to add a few ticks to a warm map. */
import { LiveMap } from './live.ts'
import { NO_TICKS } from './measure-bytes.ts'
import type { Run } from './options.ts'
import { race, type Turn } from './race.ts'
import { makeTape, type Tape } from './ticks.ts'

/** Ticks per time bin, so that an occasional update closes a bin. */
const TICKS_A_BIN = 20_000

export async function measureLive(run: Run): Promise<void> {
  const made = await makeTape(run.plan.live.tape)
  const span = made.ticks.time[made.ticks.length - 1] - made.ticks.time[0]
  const timeWidth = Math.ceil((span / made.ticks.length) * TICKS_A_BIN)
  const { calibration } = made
  const tape = { ...made, calibration: { ...calibration, grid: { ...calibration.grid, timeWidth } } }
  for (const { ticks, repeats } of run.plan.live.updates) {
    const name = `live, ${ticks} ticks at a time`
    if (run.time.isTimeUp(name)) return
    run.log(name)
    await updates(run, name, tape, ticks, repeats)
  }
}

async function updates(
  { contestants, ledger, time }: Run,
  name: string,
  tape: Tape,
  ticks: number,
  repeats: number,
): Promise<void> {
  const maps: LiveMap[] = []
  try {
    const turns: Turn<{ seconds: number; digest: string }>[] = []
    for (const { contestant, backend } of contestants) {
      const map = await LiveMap.open(tape, backend)
      maps.push(map)
      let update = 0
      const run = async () => {
        const seconds = await map.update(ticks, update++)
        return { seconds, digest: map.digest }
      }
      turns.push({ id: contestant.id, run })
    }
    const result = await race(turns, { repeats, seconds: time.limits(2).seconds })
    const { distribution, calibration } = tape
    const given = { ...NO_TICKS, ticks, distribution, radii: calibration.kernel }
    time.tellTooSlow(name, result)
    ledger.compare(given, result)
    for (const [contestant, runs] of result.runs) {
      const of = { stage: 'live', case: given, sweeps: ['live'], clock: 'host', bytes: null } as const
      ledger.add(
        { ...of, contestant },
        runs.map(({ seconds }) => seconds),
      )
    }
  } finally {
    for (const map of maps) map.destroy()
  }
}
