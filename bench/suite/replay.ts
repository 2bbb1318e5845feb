import { byVoxel, CALLS_IN_FLIGHT, Digester, type MapSteps, MOMENT_COUNT, type Retired } from 'voxrisk/engine'
import { batchOf, type Recording } from './recording.ts'

/** One replay of a recording. */
export interface Replay {
  /** Seconds by step, on the device's clock if the backend times itself, otherwise on the host's. */
  readonly seconds: Readonly<Record<string, number>>
  /** Both digests of the output, joined. */
  readonly digest: string
}

/**
 * Replays a recording on a backend. At the end all pages are released and cleared, so that it can be replayed
 * again.
 * @param batchTicks ticks per batch; runs between two retirements are split, never joined
 */
export async function replay(recording: Recording, steps: MapSteps, batchTicks: number): Promise<Replay> {
  const before = { ...(steps.deviceSeconds ?? steps.seconds) }
  const retired: Promise<Retired>[] = []
  let from = 0
  for (const [i, command] of recording.commands.entries()) {
    if (command.kind === 'retire') {
      const result = steps.retire(command.work, false)
      result.catch(() => {}) // reported by the next settle, and below
      retired.push(result)
      await steps.settle(CALLS_IN_FLIGHT)
      continue
    }
    // Consecutive runs are merged, because where the feed split them does not matter here.
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
