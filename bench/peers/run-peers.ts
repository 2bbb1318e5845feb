/**
 * Runs other software on the same ticks, one after the other, each in its own process. Compares the results
 * with the CPU reference before and after timing.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MOMENTS, tradeKernel } from 'voxrisk/engine'
import type { Contestant, EqualityCheck, LeftOut, Measurement, Stage } from '../suite/result.ts'
import { timingOf } from '../suite/statistics.ts'
import { PEAK_NUMBERS, type PeerTask, VOXEL_NUMBERS } from './task.ts'

export interface PeerOptions {
  readonly repeats: number
  readonly warmUps: number
  /** A peer starts no further repeat after this time; it always makes one. */
  readonly secondsAtMost: number
  /** Python to use; found automatically by default. */
  readonly python?: string
  /** Ids of the peers to run; all by default. */
  readonly only?: readonly string[]
}

export interface PeerResults {
  readonly contestants: Contestant[]
  /** Only from peers whose results were equal. */
  readonly measurements: Measurement[]
  readonly checks: EqualityCheck[]
  readonly leftOut: LeftOut[]
}

interface Peer {
  readonly id: string
  readonly script: string
  /** What to install. */
  readonly needs: string
  readonly language: 'python' | 'node'
  readonly results: readonly ('moments' | 'peaks')[]
  readonly threads: number
}

const PEERS: readonly Peer[] = [
  {
    id: 'numpy',
    script: 'numpy_scipy.py',
    needs: 'pip install numpy scipy',
    language: 'python',
    results: ['moments', 'peaks'],
    threads: 1,
  },
  {
    id: 'cupy',
    script: 'cupy_peer.py',
    needs: 'a CUDA GPU and pip install cupy-cuda12x (or the build for your CUDA)',
    language: 'python',
    results: ['moments', 'peaks'],
    threads: 1,
  },
  ...[availableParallelism(), 1].map(
    (threads, i): Peer => ({
      id: i === 0 ? 'duckdb' : 'duckdb-1',
      script: 'duckdb-bin.mjs',
      needs: 'npm install --no-save @duckdb/node-api',
      language: 'node',
      results: ['moments'],
      threads,
    }),
  ),
]

/** The contestant that the peers are checked against. */
const REFERENCE = 'cpu'

/**
 * A peer is stopped after `secondsAtMost` times this, plus a minute, because a warm-up or a single repeat may
 * be long.
 */
const PATIENCE = 4

/** What a peer's process writes on success. */
interface PeerTimes {
  readonly label: string
  readonly runsOn: string
  readonly cores: number | null
  readonly seconds: Readonly<Partial<Record<Stage, readonly number[]>>>
  readonly clockQuantum: number
}

/** Its output: times, why a package could not be loaded, or why it cannot do the task. */
type PeerFile = PeerTimes | { readonly missing: string } | { readonly refused: string }

/** Runs every installed peer and lists the others in `leftOut`. */
export async function runPeers(task: PeerTask, options: PeerOptions): Promise<PeerResults> {
  const results: PeerResults = { contestants: [], measurements: [], checks: [], leftOut: [] }
  const folder = await mkdtemp(join(tmpdir(), 'voxrisk-peers-'))
  try {
    await writeColumns(folder, task)
    for (const peer of PEERS) {
      if (options.only && !options.only.includes(peer.id)) continue
      await runPeer(peer, task, options, folder, results)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return results
}

async function writeColumns(folder: string, { ticks }: PeerTask): Promise<void> {
  for (const name of ['time', 'price', 'size', 'side', 'increment', 'previousIncrement'] as const) {
    await writeFile(join(folder, name), ticks[name])
  }
}

async function writeSettings(folder: string, peer: Peer, task: PeerTask, options: PeerOptions) {
  const { grid, kernel, relativeVariance, score } = task.calibration
  const { price, class: size, time } = tradeKernel(kernel)
  const { repeats, warmUps, secondsAtMost } = options
  const settings = {
    ticks: task.ticks.length,
    grid,
    weights: { price, size, time },
    relativeVariance,
    score,
    threads: peer.threads,
    repeats,
    warmUps,
    secondsAtMost,
  }
  await writeFile(join(folder, 'task.json'), JSON.stringify(settings))
}

async function runPeer(
  peer: Peer,
  task: PeerTask,
  options: PeerOptions,
  folder: string,
  results: PeerResults,
): Promise<void> {
  const leaveOut = (why: string) => results.leftOut.push({ what: peer.id, why })
  await writeSettings(folder, peer, task, options)
  const seconds = options.secondsAtMost * PATIENCE + 60
  const absent: string[] = []
  for (const command of interpreters(peer, options)) {
    const outcome = await start(command, peer, folder, seconds)
    if ('absent' in outcome) {
      absent.push(`${command}: ${outcome.absent}`)
      continue
    }
    if ('failed' in outcome) {
      leaveOut(`${command} ${peer.script}: ${outcome.failed}`)
      return
    }
    const { label, runsOn, cores } = outcome.times
    results.contestants.push({ id: peer.id, label, kind: 'peer', runsOn, cores })
    const difference = await check(peer, task, folder, results.checks)
    if (difference === null) results.measurements.push(...measurements(peer, task, outcome.times))
    else leaveOut(`no times are shown because its results differ: ${difference}`)
    return
  }
  leaveOut(`needs ${peer.needs} (${absent.join('; ')})`)
}

/** Programs that might run the peer, to try in this order. */
function interpreters({ language }: Peer, { python }: PeerOptions): readonly string[] {
  if (language === 'node') return [process.execPath]
  const given = python ?? process.env.VOXRISK_PYTHON
  return given ? [given] : ['python3', '/usr/bin/python3']
}

type Outcome = { readonly times: PeerTimes } | { readonly absent: string } | { readonly failed: string }

/** Runs the script. It is killed after `seconds`. */
async function start(command: string, peer: Peer, folder: string, seconds: number): Promise<Outcome> {
  const resultPath = join(folder, 'result.json')
  await rm(resultPath, { force: true })
  const child = spawn(command, [join(peersFolder(), peer.script), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    timeout: Math.ceil(seconds * 1000), // Node refuses anything but a whole number
    killSignal: 'SIGKILL',
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    complaint = (complaint + text).slice(-2000)
  })
  const end = await new Promise<number | NodeJS.Signals | Error>(resolve => {
    child.on('error', resolve)
    child.on('close', (code, signal) => resolve(code ?? signal ?? 1))
  })
  if (end instanceof Error) return { absent: 'no such program' }
  if (end === 'SIGKILL') return { failed: `stopped after ${seconds} s, or for lack of memory` }
  if (end !== 0 || !existsSync(resultPath)) {
    return { failed: complaint.trim().split('\n').pop() || `exit ${end}` }
  }
  const written: PeerFile = JSON.parse(await readFile(resultPath, 'utf8'))
  if ('missing' in written) return { absent: written.missing }
  if ('refused' in written) return { failed: written.refused }
  return { times: written }
}

/** The folder of the scripts: next to this file, or a folder `peers` next to the bundled file. */
function peersFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const places = [here, join(here, '..', 'peers'), join(here, '..', '..', 'peers')]
  const found = places.find(place => existsSync(join(place, 'dense.py')))
  if (!found) throw new Error(`the scripts of the peers are not next to ${here}`)
  return found
}

/** Compares what the peer wrote. Returns null, or the first difference. */
async function check(
  peer: Peer,
  task: PeerTask,
  folder: string,
  checks: EqualityCheck[],
): Promise<string | null> {
  let first: string | null = null
  for (const when of ['before', 'after'] as const) {
    for (const compared of peer.results) {
      const difference = firstDifference(compared, task[compared], await table(folder, when, compared))
      checks.push({
        case: task.case,
        when,
        contestants: [REFERENCE, peer.id],
        compared,
        equal: difference === null,
      })
      first ??= difference
    }
  }
  return first
}

async function table(folder: string, when: 'before' | 'after', compared: 'moments' | 'peaks') {
  const path = join(folder, `${when}-${compared}`)
  const bytes = await readFile(path)
  await rm(path) // the next peer must write its own
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

function firstDifference(
  compared: 'moments' | 'peaks',
  ours: Float64Array,
  theirs: Float64Array,
): string | null {
  const width = compared === 'moments' ? VOXEL_NUMBERS : PEAK_NUMBERS
  const names = ['time', 'size', 'price', ...(compared === 'peaks' ? ['score'] : []), ...MOMENTS]
  for (let i = 0; i < Math.min(ours.length, theirs.length); i++) {
    if (ours[i] === theirs[i]) continue
    const row = i - (i % width)
    const voxel = ours.subarray(row, row + 3).join(', ')
    return `${compared} at time, size, price ${voxel}: ${names[i % width]} is ${theirs[i]}, not ${ours[i]}`
  }
  if (ours.length === theirs.length) return null
  return `${theirs.length / width} rows of ${compared}, not ${ours.length / width}`
}

function measurements(
  peer: Peer,
  { case: given, sweeps }: PeerTask,
  { seconds, clockQuantum }: PeerTimes,
): Measurement[] {
  return Object.entries(seconds).map(([stage, times]) => ({
    stage: stage as Stage,
    contestant: peer.id,
    case: given,
    sweeps,
    clock: 'host',
    repeats: times.length,
    timing: timingOf(times, clockQuantum),
    bytes: null,
    ofCopy: null,
  }))
}
