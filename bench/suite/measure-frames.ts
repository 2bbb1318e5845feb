/** How long it takes to draw frames of maps with all their pages kept. */
import type { RunningContestant } from './contestants.ts'
import { DrawnMap } from './drawn-map.ts'
import { caseOf, recordFor } from './measure-cases.ts'
import type { Run } from './options.ts'
import { describe } from './plan.ts'
import { race } from './race.ts'
import { type Recording, TOO_MANY_PAGES } from './recording.ts'
import type { Case } from './result.ts'
import { makeTape, type TapeSpec } from './ticks.ts'

export async function measureFrames(run: Run): Promise<void> {
  for (const running of run.contestants) {
    if (!running.device) continue
    if (!running.timed) {
      run.ledger.leaveOut(`frames on ${running.contestant.label}`, 'the device has no timestamps')
      continue
    }
    for (const spec of run.plan.frames.tapes) await framesOf(run, running, running.device, spec)
  }
}

async function framesOf(
  run: Run,
  { contestant: { id }, backend }: RunningContestant,
  device: GPUDevice,
  spec: TapeSpec,
): Promise<void> {
  const { ledger, time, plan, log } = run
  const name = `frames, ${describe(spec)}`
  if (time.isTimeUp(name)) return
  log(name)
  const tape = await makeTape(spec)
  const recording = await recordFor(run, tape)
  if (!recording) return ledger.leaveOut(name, TOO_MANY_PAGES)
  const { pixels } = plan.frames
  const given = { ...caseOf(spec, recording), pixels }
  if (!time.isAble(`making the map of ${name}`, id, 'job', given, 1)) return
  const map = await DrawnMap.open(tape, backend, device, pixels)
  try {
    const pages = scoredPages(recording)
    if (map.pages === pages) await draw(run, name, id, given, map)
    else ledger.leaveOut(name, `the device can keep ${map.pages} of ${pages} pages`)
  } finally {
    map.destroy()
  }
}

async function draw({ ledger, time }: Run, name: string, id: string, given: Case, map: DrawnMap) {
  for (const mode of ['volume', 'slices'] as const) {
    const result = await race([{ id, run: () => map.draw(mode) }], time.limits())
    time.tellTooSlow(`${mode}, ${name}`, result)
    const of = { stage: `frame-${mode}`, case: given, sweeps: [], clock: 'gpu', bytes: null } as const
    for (const [contestant, seconds] of result.runs) ledger.add({ ...of, contestant }, seconds)
  }
}

/** The number of pages that get scores in a map of the recording. */
function scoredPages({ commands }: Recording): number {
  return commands.reduce((sum, entry) => sum + (entry.kind === 'retire' ? entry.work.score.count : 0), 0)
}
