/** How long kernels and whole jobs take. */
import { BATCH_EVENTS, type MapSteps, mapShape } from 'voxrisk/engine'
import { runJob } from './job.ts'
import type { Run } from './options.ts'
import { describe, type PlannedCase } from './plan.ts'
import type { Turn } from './race.ts'
import { type Recording, record, TICK_WORDS, TOO_MANY_PAGES } from './recording.ts'
import { type Replay, replay } from './replay.ts'
import type { Case, Stage, Sweep } from './result.ts'
import { makeTape, type Tape, type TapeSpec } from './ticks.ts'

/** Pages retired at once in replays; the same for every contestant. */
const PAGES_PER_RETIRE = 256
/** Bytes of one voxel's moments, of its score, and of a packed tick. */
const MOMENT_BYTES = 40
const SCORE_BYTES = 4
const TICK_BYTES = 4 * TICK_WORDS
/** Most batches per figure. With tiny batches it would otherwise take minutes. */
const MOST_BATCHES = 2000

/** Measures the kernels and the whole job of one case. */
export async function measureCase(run: Run, planned: PlannedCase): Promise<void> {
  const { contestants, ledger, time, peers, log } = run
  const name = describe(planned)
  if (time.isTimeUp(name)) return
  log(name)
  const tape = await makeTape(planned)
  const recording = await recordFor(run, tape)
  if (!recording) return ledger.leaveOut(name, TOO_MANY_PAGES)
  const given = caseOf(planned, recording)
  const { sweeps } = planned
  await kernels(run, name, given, sweeps, tape, recording, BATCH_EVENTS)
  const jobs = contestants.map(({ contestant, backend }) => ({
    id: contestant.id,
    run: () => runJob(tape, backend),
  }))
  const result = await time.race(`job, ${name}`, 'job', given, jobs)
  ledger.compare(given, result)
  for (const [contestant, runs] of result.runs) {
    ledger.add(
      { stage: 'job', contestant, case: given, sweeps, clock: 'host', bytes: null },
      runs.map(({ seconds }) => seconds),
    )
  }
  if (planned.peers && peers) ledger.addAll(await peers(tape, sweeps, time.limits()))
}

/** Measures binning by batch size. */
export async function measureBatches(run: Run): Promise<void> {
  const { plan, ledger, time, log } = run
  const name = `batches of ${describe(plan.batchTape)}`
  if (time.isTimeUp(name)) return
  const tape = await makeTape(plan.batchTape)
  const whole = await recordFor(run, tape)
  if (!whole) return ledger.leaveOut(name, TOO_MANY_PAGES)
  for (const batchBytes of plan.binBatches) {
    const batchTicks = Math.floor(batchBytes / TICK_BYTES)
    const ticks = Math.min(tape.ticks.length, MOST_BATCHES * batchTicks)
    const cut = { ...tape, ticks: { ...tape.ticks, length: ticks } }
    const recording = ticks === tape.ticks.length ? whole : await recordFor(run, cut)
    if (!recording) continue
    const given = { ...caseOf(plan.batchTape, recording), batchBytes }
    const label = `bin in batches of ${batchBytes} bytes`
    log(label)
    await kernels(run, label, given, ['batch'], cut, recording, batchTicks)
  }
}

/** Replays a recording on every contestant that can time its steps. */
async function kernels(
  run: Run,
  name: string,
  given: Case,
  sweeps: readonly Sweep[],
  tape: Tape,
  recording: Recording,
  batchTicks: number,
): Promise<void> {
  const { contestants, ledger, time } = run
  const open: MapSteps[] = []
  try {
    const turns: Turn<Replay>[] = []
    for (const { contestant, timed } of contestants) {
      if (!timed) {
        ledger.leaveOut(`kernels on ${contestant.label}`, 'the device has no timestamps')
        continue
      }
      const steps = await timed.open(mapShape(tape.calibration))
      open.push(steps)
      turns.push({ id: contestant.id, run: () => replay(recording, steps, batchTicks) })
    }
    const result = await time.race(`kernels, ${name}`, 'kernels', given, turns)
    ledger.compare(given, result)
    for (const [id, runs] of result.runs) addKernels(run, id, given, sweeps, runs)
  } finally {
    for (const steps of open) steps.destroy()
  }
}

function addKernels(
  { contestants, ledger }: Run,
  id: string,
  given: Case,
  sweeps: readonly Sweep[],
  runs: readonly Replay[],
): void {
  const clock = contestants.some(({ contestant, device }) => contestant.id === id && device) ? 'gpu' : 'host'
  const touched = given.touchedVoxels
  const stages: [Stage, string[], number][] = [
    ['bin', ['bin', 'release'], given.ticks * TICK_BYTES + touched * MOMENT_BYTES],
    ['smooth', ['smooth'], 2 * touched * MOMENT_BYTES],
    ['score-peaks', ['score', 'peaks'], touched * (MOMENT_BYTES + 2 * SCORE_BYTES)],
  ]
  for (const [stage, steps, bytes] of sweeps.includes('batch') ? stages.slice(0, 1) : stages) {
    const seconds = runs.map(run => steps.reduce((sum, step) => sum + (run.seconds[step] ?? 0), 0))
    ledger.add({ stage, contestant: id, case: given, sweeps, clock, bytes }, seconds)
  }
}

/** A recording that fits every contestant; null if it does not. */
export async function recordFor({ contestants }: Run, tape: Tape): Promise<Recording | null> {
  const limits: number[] = []
  for (const { backend } of contestants) {
    const steps = await backend.open(mapShape(tape.calibration))
    limits.push(steps.pageLimit)
    steps.destroy()
  }
  try {
    return await record(tape, { limit: Math.min(...limits), perRetire: PAGES_PER_RETIRE })
  } catch (error) {
    if ((error as { code?: string }).code === 'out-of-pages') return null
    throw error
  }
}

export function caseOf(spec: TapeSpec, { ticks, touchedVoxels }: Recording): Case {
  return { ticks, distribution: spec.distribution, touchedVoxels, radii: spec.radii, batchBytes: null }
}
