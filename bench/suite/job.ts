import { type Backend, RiskMap } from 'voxrisk'
import type { Tape } from './ticks.ts'

/** One whole job. */
export interface Job {
  readonly seconds: number
  readonly digest: string
}

/**
 * From columns in memory to ranked hotspots on the host, by the host's clock. Includes making and freeing the
 * map.
 */
export async function runJob(tape: Tape, backend: Backend): Promise<Job> {
  const start = performance.now()
  const map = await RiskMap.create({ backend, calibration: tape.calibration })
  try {
    const scores: number[] = []
    const listening = (async () => {
      for await (const { score } of map.hotspots) scores.push(score)
    })()
    await map.ingest(tape.ticks)
    await map.flush()
    await listening
    scores.sort((a, b) => b - a)
    const { moments, hotspots } = map.digest
    map.destroy()
    return { seconds: (performance.now() - start) / 1000, digest: `${moments} ${hotspots}` }
  } finally {
    map.destroy()
  }
}
