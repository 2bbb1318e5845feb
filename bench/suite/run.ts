import type { Backend, MapSteps } from '../../src/engine/steps.ts'
import { mapShape } from '../../src/map/calibration.ts'
import { BATCH_TICKS } from '../../src/map/feed.ts'
import { MOST_WORKGROUPS, momentBytes, pagesThatFit } from '../../src/webgpu/pages.ts'
import { gpuClock, hostQuantum } from './clocks.ts'
import { DrawnMap } from './drawn-map.ts'
import { runJob } from './job.ts'
import { LiveMap } from './live.ts'
import type { Plan, PlannedCase } from './plan.ts'
import { type Entrant, LEAST_REPEATS, type Race, race, repeat } from './race.ts'
import { type Recording, record, TICK_WORDS } from './recording.ts'
import { type Replay, replay } from './replay.ts'
import type {
  BenchmarkResult,
  Case,
  Clocks,
  Contestant,
  EqualityCheck,
  Host,
  LeftOut,
  Measurement,
  Stage,
  Sweep,
} from './result.ts'
import { timingOf } from './statistics.ts'
import { makeTape, type Tape, type TapeSpec } from './ticks.ts'
import { DeviceTransfers } from './transfer.ts'

/** A contestant and what it runs on. */
export interface Racer {
  readonly contestant: Contestant
  readonly backend: Backend
  /** The same backend, timing itself by step: on the CPU the same, on a GPU with timestamps. null where there are none. */
  readonly timed: Backend | null
  /** Of a GPU; null on the CPU. */
  readonly device: GPUDevice | null
  /** The largest buffer up to so many bytes that it can copy. */
  copyBytes(wanted: number): number
  /** Copies memory of its own `times` times where its kernels run; resolves to the seconds that took. */
  copy(bytes: number, times: number): Promise<number>
  destroy(): void
}

/** Measures others on a case; see bench/peers. */
export type RunPeers = (
  tape: Tape,
  sweeps: readonly Sweep[],
  limits: { repeats: number; seconds: number },
) => Promise<Pick<BenchmarkResult, 'contestants' | 'checks' | 'measurements' | 'leftOut'>>

export interface BenchmarkOptions {
  readonly plan: Plan
  /** Seconds the whole run may take; what does not fit is left out, and said. */
  readonly seconds: number
  /** The reference first: the others' results are held against its. */
  readonly racers: readonly Racer[]
  readonly host: Host
  readonly voxrisk: string
  readonly commit: string | null
  readonly peers?: RunPeers
  /** Tells what is being measured. */
  readonly log: (line: string) => void
}

/** Pages retired at once in replays: the same work for everybody. */
const PAGES_PER_RETIRE = 256
/** Bytes of one voxel's moments, of its score, of a packed tick. */
const MOMENT_BYTES = 40
const SCORE_BYTES = 4
const TICK_BYTES = 4 * TICK_WORDS
/** Copies in one figure. */
const COPIES = 8
/** Ticks between two ends of a time bin in the live runs: an update now and then closes one. */
const LIVE_TICKS_A_BIN = 20_000
/** Batches of one figure: tiny ones would take minutes. */
const MOST_BATCHES = 2000
/** A race is begun when at least this part of its time is left. */
const LEAST_SHARE = 0.5
/** Voxels cost more than ticks: what one voxel weighs, in ticks, when the time of a larger case is foretold. */
const VOXEL_WEIGHT = 30

/** Runs the whole benchmark. Unequal results do not throw: see {@link BenchmarkResult.checks}. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkResult> {
  return new Benchmark(options).run()
}

class Benchmark {
  private readonly begin = performance.now()
  private readonly checks: EqualityCheck[] = []
  private readonly measurements: Measurement[] = []
  private readonly leftOut: LeftOut[] = []
  private readonly contestants: Contestant[]
  private readonly quantum = hostQuantum()
  private gpu: Clocks['gpu'] = null
  /** Bytes a second of each contestant's copy. */
  private readonly ceilings = new Map<string, number>()
  /** Seconds a unit of work (see `workOf`) took each contestant last. */
  private readonly pace = new Map<string, number>()

  constructor(private readonly options: BenchmarkOptions) {
    this.contestants = options.racers.map(({ contestant }) => contestant)
  }

  async run(): Promise<BenchmarkResult> {
    const { plan, host, voxrisk, commit, racers } = this.options
    const started = new Date().toISOString()
    const device = racers.find(racer => racer.device)?.device
    if (device) this.gpu = await gpuClock(device)
    await this.copies()
    await this.transfers()
    const [base, ...others] = this.plan.cases
    await this.measure(base)
    await this.live()
    await this.frames()
    await this.batches()
    for (const planned of others) await this.measure(planned)
    return {
      format: 'voxrisk benchmark 1',
      voxrisk,
      commit,
      started,
      seconds: this.elapsed(),
      quick: plan.quick,
      host,
      clocks: { hostQuantum: this.quantum, gpu: this.gpu },
      contestants: this.contestants,
      checks: this.checks,
      measurements: this.measurements,
      leftOut: this.leftOut,
    }
  }

  /** The ceiling: how fast memory is copied where the kernels run. */
  private async copies(): Promise<void> {
    this.options.log('copy')
    for (const racer of this.options.racers) {
      const { id } = racer.contestant
      const bytes = racer.copyBytes(this.plan.copyBytes)
      const times = await repeat(() => racer.copy(bytes, COPIES), this.limits())
      const moved = 2 * COPIES * bytes
      this.add('copy', id, NO_TICKS, [], 'host', times, moved)
      const timing = timingOf(times, this.quantum)
      if (timing) this.ceilings.set(id, moved / timing.median)
    }
  }

  private async transfers(): Promise<void> {
    for (const { contestant, device } of this.options.racers) {
      if (!device) continue
      for (const batchBytes of this.plan.uploadBatches) {
        this.options.log(`upload in batches of ${batchBytes} bytes`)
        const total = Math.min(this.plan.uploadBytes, MOST_BATCHES * batchBytes)
        const words = new Uint32Array(total / 4)
        const transfers = new DeviceTransfers(device, DeviceTransfers.fitting(device, batchBytes))
        const times = await repeat(() => transfers.upload(words, batchBytes), this.limits(0.25))
        transfers.destroy()
        const given = { ...NO_TICKS, ticks: Math.floor(total / TICK_BYTES), batchBytes }
        this.add('upload', contestant.id, given, ['batch'], 'host', times, total)
      }
      for (const batchBytes of this.plan.readbackBytes) {
        this.options.log(`readback of ${batchBytes} bytes`)
        const transfers = new DeviceTransfers(device, batchBytes)
        const limits = { ...this.limits(0.25), repeats: 100 }
        const times = await repeat(() => transfers.readback(batchBytes), limits)
        transfers.destroy()
        const given = { ...NO_TICKS, batchBytes }
        this.add('readback', contestant.id, given, ['batch'], 'host', times, batchBytes)
      }
    }
  }

  /** Kernels and whole job of one case. */
  private async measure(planned: PlannedCase): Promise<void> {
    const name = describe(planned)
    if (this.isTimeUp(name)) return
    this.options.log(name)
    const tape = await makeTape(planned)
    const recording = await this.record(tape)
    if (!recording) return this.leaveOut(name, 'a slab has more pages than a device here can hold')
    const given = caseOf(planned, recording)
    const { sweeps } = planned
    await this.kernels(name, given, sweeps, tape, recording, BATCH_TICKS)
    const work = workOf(given)
    const jobs = this.options.racers.map(({ contestant, backend }) => ({
      id: contestant.id,
      run: () => runJob(tape, backend),
    }))
    const result = await this.race(`job, ${name}`, 'job', work, jobs)
    this.compare(given, result)
    for (const [id, runs] of result.runs) {
      this.add(
        'job',
        id,
        given,
        sweeps,
        'host',
        runs.map(({ seconds }) => seconds),
        null,
      )
    }
    if (planned.peers && this.options.peers) {
      const found = await this.options.peers(tape, sweeps, this.limits())
      this.contestants.push(...found.contestants)
      this.checks.push(...found.checks)
      this.measurements.push(...found.measurements)
      this.leftOut.push(...found.leftOut)
    }
  }

  /** Binning by the size of the batch. */
  private async batches(): Promise<void> {
    const name = `batches of ${describe(this.plan.batchTape)}`
    if (this.isTimeUp(name)) return
    const tape = await makeTape(this.plan.batchTape)
    const whole = await this.record(tape)
    if (!whole) return this.leaveOut(name, 'a slab has more pages than a device here can hold')
    for (const batchBytes of this.plan.binBatches) {
      const batchTicks = Math.floor(batchBytes / TICK_BYTES)
      const ticks = Math.min(tape.ticks.length, MOST_BATCHES * batchTicks)
      const cut = { ...tape, ticks: { ...tape.ticks, length: ticks } }
      const recording = ticks === tape.ticks.length ? whole : await this.record(cut)
      if (!recording) continue
      const given = { ...caseOf(this.plan.batchTape, recording), batchBytes }
      const label = `bin in batches of ${batchBytes} bytes`
      this.options.log(label)
      await this.kernels(label, given, ['batch'], cut, recording, batchTicks)
    }
  }

  /** Replays a recording on every racer that can time its steps. */
  private async kernels(
    name: string,
    given: Case,
    sweeps: readonly Sweep[],
    tape: Tape,
    recording: Recording,
    batchTicks: number,
  ): Promise<void> {
    const open: MapSteps[] = []
    try {
      const entrants: Entrant<Replay>[] = []
      for (const { contestant, timed } of this.options.racers) {
        if (!timed) {
          this.leaveOut(`kernels on ${contestant.label}`, 'the device has no timestamps')
          continue
        }
        const steps = await timed.open(mapShape(tape.calibration))
        open.push(steps)
        entrants.push({ id: contestant.id, run: () => replay(recording, steps, batchTicks) })
      }
      const result = await this.race(`kernels, ${name}`, 'kernels', workOf(given), entrants)
      this.compare(given, result)
      for (const [id, runs] of result.runs) this.addKernels(id, given, sweeps, runs)
    } finally {
      for (const steps of open) steps.destroy()
    }
  }

  private addKernels(id: string, given: Case, sweeps: readonly Sweep[], runs: readonly Replay[]): void {
    const racer = this.options.racers.find(({ contestant }) => contestant.id === id)!
    const clock = racer.device ? 'gpu' : 'host'
    const touched = given.touchedVoxels
    const stages: [Stage, string[], number][] = [
      ['bin', ['bin', 'release'], given.ticks * TICK_BYTES + touched * MOMENT_BYTES],
      ['smooth', ['smooth'], 2 * touched * MOMENT_BYTES],
      ['score-peaks', ['score', 'peaks'], touched * (MOMENT_BYTES + 2 * SCORE_BYTES)],
    ]
    const isBatch = sweeps.includes('batch')
    for (const [stage, steps, bytes] of isBatch ? stages.slice(0, 1) : stages) {
      const seconds = runs.map(run => steps.reduce((sum, step) => sum + (run.seconds[step] ?? 0), 0))
      this.add(stage, id, given, sweeps, clock, seconds, bytes)
    }
  }

  /** Latency of a few ticks more into a warm map. */
  private async live(): Promise<void> {
    const made = await makeTape(this.plan.live.tape)
    const span = made.ticks.time[made.ticks.length - 1] - made.ticks.time[0]
    const timeWidth = Math.ceil((span / made.ticks.length) * LIVE_TICKS_A_BIN)
    const { calibration } = made
    const tape = { ...made, calibration: { ...calibration, grid: { ...calibration.grid, timeWidth } } }
    for (const { ticks, repeats } of this.plan.live.updates) {
      const name = `live, ${ticks} ticks at a time`
      if (this.isTimeUp(name)) return
      this.options.log(name)
      const maps = new Map<string, LiveMap>()
      try {
        const entrants: Entrant<{ seconds: number; digest: string }>[] = []
        for (const { contestant, backend } of this.options.racers) {
          const map = await LiveMap.open(tape, backend)
          maps.set(contestant.id, map)
          let update = 0
          const run = async () => {
            const seconds = await map.update(ticks, update++)
            return { seconds, digest: map.digest }
          }
          entrants.push({ id: contestant.id, run })
        }
        const result = await race(entrants, { repeats, seconds: this.limits(2).seconds })
        const given = {
          ...NO_TICKS,
          ticks,
          distribution: tape.distribution,
          radii: tape.calibration.kernel,
        }
        for (const [id, seconds] of result.tooSlow) this.tellTooSlow(id, name, seconds)
        this.compare(given, result)
        for (const [id, runs] of result.runs) {
          this.add(
            'live',
            id,
            given,
            ['live'],
            'host',
            runs.map(({ seconds }) => seconds),
            null,
          )
        }
      } finally {
        for (const map of maps.values()) map.destroy()
      }
    }
  }

  /** Frames of maps all of whose pages are kept. */
  private async frames(): Promise<void> {
    const { tapes, pixels } = this.plan.frames
    for (const { contestant, backend, timed, device } of this.options.racers) {
      if (!device) continue
      if (!timed) {
        this.leaveOut(`frames on ${contestant.label}`, 'the device has no timestamps')
        continue
      }
      for (const spec of tapes) {
        const name = `frames, ${describe(spec)}`
        if (this.isTimeUp(name)) continue
        this.options.log(name)
        const tape = await makeTape(spec)
        const recording = await this.record(tape)
        const given = recording && { ...caseOf(spec, recording), pixels }
        if (!given) this.leaveOut(name, 'a slab has more pages than a device here can hold')
        else if (this.isAble(`making the map of ${name}`, contestant.id, 'job', workOf(given), 1)) {
          const map = await DrawnMap.open(tape, backend, device, pixels)
          try {
            if (map.pages < scoredPages(recording)) {
              this.leaveOut(name, `the device can keep ${map.pages} of ${scoredPages(recording)} pages`)
            } else await this.drawFrames(name, contestant.id, given, map)
          } finally {
            map.destroy()
          }
        }
      }
    }
  }

  private async drawFrames(name: string, id: string, given: Case, map: DrawnMap): Promise<void> {
    for (const mode of ['volume', 'slices'] as const) {
      const result = await race([{ id, run: () => map.draw(mode) }], this.limits())
      for (const [slow, seconds] of result.tooSlow) this.tellTooSlow(slow, `${mode}, ${name}`, seconds)
      for (const runs of result.runs.values()) this.add(`frame-${mode}`, id, given, [], 'gpu', runs, null)
    }
  }

  /** A race among those of whom it is not known that they would take too long. */
  private async race<T>(
    name: string,
    kind: string,
    work: number,
    entrants: readonly Entrant<T>[],
  ): Promise<Race<T>> {
    const limits = this.limits()
    const able = entrants.filter(({ id }) => this.isAble(name, id, kind, work, LEAST_REPEATS))
    const timed = able.map(({ id, run }) => ({
      id,
      run: async () => {
        const start = performance.now()
        const result = await run()
        this.pace.set(`${kind} ${id}`, (performance.now() - start) / 1000 / work)
        return result
      },
    }))
    const result = await race(timed, limits)
    for (const [id, seconds] of result.tooSlow) this.tellTooSlow(id, name, seconds)
    return result
  }

  /** Whether a contestant can do some work so many times in the time of a race, by the pace it had before; says so if not. */
  private isAble(name: string, id: string, kind: string, work: number, times: 1 | 3): boolean {
    const pace = this.pace.get(`${kind} ${id}`)
    const seconds = pace === undefined ? 0 : pace * work
    const limit = this.limits().seconds
    if (times * seconds <= limit) return true
    this.leaveOut(
      `${name}, ${this.label(id)}`,
      `one run would take about ${seconds.toPrecision(2)} s by the pace of the case before, ${times === 1 ? 'it' : 'three'} may take ${limit.toPrecision(2)} s`,
    )
    return false
  }

  /** Holds every contestant's results against the first one's: of the warm-up, and of the last run. */
  private compare(given: Case, { first, runs }: Race<{ digest: string }>): void {
    const last = new Map([...runs].map(([id, made]) => [id, made.at(-1)!]))
    for (const [when, found] of [
      ['before', first],
      ['after', last],
    ] as const) {
      const [reference, ...others] = found
      for (const [id, { digest }] of others) {
        const equal = digest === reference[1].digest
        this.checks.push({ case: given, when, contestants: [reference[0], id], compared: 'digest', equal })
      }
    }
  }

  private add(
    stage: Stage,
    contestant: string,
    given: Case,
    sweeps: readonly Sweep[],
    clock: 'host' | 'gpu',
    runs: readonly number[],
    bytes: number | null,
  ): void {
    const quantum = clock === 'gpu' && this.gpu ? this.gpu.quantum : this.quantum
    const timing = timingOf(runs, quantum)
    const ceiling = KERNELS.includes(stage) ? this.ceilings.get(contestant) : undefined
    const ofCopy = timing && bytes && ceiling ? bytes / timing.median / ceiling : null
    this.measurements.push({
      stage,
      contestant,
      case: given,
      sweeps,
      clock,
      repeats: runs.length,
      timing,
      bytes,
      ofCopy,
    })
  }

  private async record(tape: Tape): Promise<Recording | null> {
    const bytes = momentBytes(tape.calibration.grid)
    const room = this.options.racers.map(({ device }) =>
      device ? pagesThatFit(device, bytes) : MOST_WORKGROUPS,
    )
    try {
      return await record(tape, { limit: Math.min(...room, MOST_WORKGROUPS), perRetire: PAGES_PER_RETIRE })
    } catch (error) {
      if ((error as { code?: string }).code === 'out-of-pages') return null
      throw error
    }
  }

  private get plan(): Plan {
    return this.options.plan
  }

  private limits(share = 1): { repeats: number; seconds: number } {
    const seconds = Math.max(0.1, Math.min(share * this.raceSeconds, this.remaining()))
    return { repeats: this.plan.repeats, seconds }
  }

  private get raceSeconds(): number {
    return Math.min(this.plan.raceSeconds, this.options.seconds / this.plan.races)
  }

  /** Whether too little time is left to begin something; says so. */
  private isTimeUp(name: string): boolean {
    if (this.remaining() >= LEAST_SHARE * this.raceSeconds) return false
    this.leaveOut(name, `no time was left of the ${this.options.seconds} s given`)
    return true
  }

  private elapsed(): number {
    return (performance.now() - this.begin) / 1000
  }

  private remaining(): number {
    return this.options.seconds - this.elapsed()
  }

  private label(id: string): string {
    return this.contestants.find(contestant => contestant.id === id)?.label ?? id
  }

  private tellTooSlow(id: string, name: string, seconds: number): void {
    this.leaveOut(
      `${name}, ${this.label(id)}`,
      `one run took ${seconds.toPrecision(2)} s, too long to repeat`,
    )
  }

  private leaveOut(what: string, why: string): void {
    if (!this.leftOut.some(left => left.what === what && left.why === why)) this.leftOut.push({ what, why })
  }
}

const KERNELS: readonly Stage[] = ['bin', 'smooth', 'score-peaks']

/** The case of stages that move bytes, whatever they mean. */
const NO_TICKS: Case = {
  ticks: 0,
  distribution: 'spread',
  touchedVoxels: 0,
  radii: { price: 0, size: 0, time: 0 },
  batchBytes: null,
}

function caseOf(spec: TapeSpec, { ticks, touchedVoxels }: Recording): Case {
  return { ticks, distribution: spec.distribution, touchedVoxels, radii: spec.radii, batchBytes: null }
}

/** Pages that a map of the recording gets scores of. */
function scoredPages({ commands }: Recording): number {
  return commands.reduce((sum, entry) => sum + (entry.kind === 'retire' ? entry.work.score.length : 0), 0)
}

function workOf({ ticks, touchedVoxels }: Case): number {
  return ticks + VOXEL_WEIGHT * touchedVoxels
}

function describe({ distribution, ticks, voxels, radii }: TapeSpec): string {
  const { price, size, time } = radii
  const box = voxels ? ` over ${voxels.toLocaleString('en')} voxels` : ''
  return `${ticks.toLocaleString('en')} ticks, ${distribution}${box}, radii ${price} ${size} ${time}`
}
