import { byVoxel, CALLS_IN_FLIGHT, Digester, type MapSteps, MOMENT_COUNT, type Retired } from 'voxrisk/engine'
import { batchOf, type Recording } from './recording.ts'

/** One replay of a recording. */
export interface Replay {
  /** Seconds by step: on the device's clock where it was asked to time itself, else on the host's. */
  readonly seconds: Readonly<Record<string, number>>
  /** Both digests of what came out, joined. */
  readonly digest: string
}

/**
 * Hands a recording to a backend. It ends with every page let go and cleared, so that it can begin again.
 * @param batchTicks ticks handed over at a time; runs between two retirements are cut, never joined
 */
export async function replay(recording: Recording, steps: MapSteps, batchTicks: number): Promise<Replay> {
  const before = { ...(steps.deviceSeconds ?? steps.seconds) }
  const retired: Promise<Retired>[] = []
  let from = 0
  for (const [i, command] of recording.commands.entries()) {
    if (command.kind === 'retire') {
      const result = steps.retire(command.work, false)
      result.catch(() => {}) // told by the next settle, and below
      retired.push(result)
      await steps.settle(CALLS_IN_FLIGHT)
      continue
    }
    // Runs that follow each other are one: where the feed cut them says nothing here.
    if (recording.commands[i + 1]?.kind === 'bin') continue
    while (from < command.to) {
      const to = Math.min(command.to, from + batchTicks)
      steps.bin(batchOf(recording, from, to, command.pages))
      from = to
      await steps.settle(CALLS_IN_FLIGHT)
    }
  }
  await steps.settle(0)
  const results = await Promise.all(retired)
  const after = steps.deviceSeconds ?? steps.seconds
  const seconds = Object.fromEntries(
    Object.entries(after).map(([step, value]) => [step, value - (before[step] ?? 0)]),
  )
  return { seconds, digest: digestOf(results) }
}

function digestOf(results: readonly Retired[]): string {
  const digester = new Digester(MOMENT_COUNT, [], [])
  for (const { peaks, checksums } of results) {
    digester.addChecksums(checksums)
    digester.addPeaks([...peaks].sort(byVoxel))
  }
  const { moments, hotspots } = digester.digest()
  return `${moments} ${hotspots}`
}
