import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sirv from 'sirv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readResults } from '../../bench/report/read-results.ts'
import type { SiteSettings } from '../../bench/site/main.ts'
import { cpuContestant, threadsContestant, webgpuContestant } from '../../bench/suite/contestants.ts'
import type { BenchmarkResult } from '../../bench/suite/result.ts'
import { runBenchmark } from '../../bench/suite/run.ts'
import { findChromium } from '../../build/chromium.ts'
import { startThread } from '../../src/node/threads.ts'
import { openPages } from '../support/browser.ts'
import { ISOLATED } from '../support/chrome.ts'
import { type Finished, projectRoot, run } from '../support/cli.ts'
import { needs } from '../support/needs.ts'
import { openTestDevice } from '../support/open-device.ts'
import { ENDLESS, TINY } from './tiny-plan.ts'

const onLinux64 = needs(
  process.platform === 'linux' && process.arch === 'x64',
  'the software GPU comes for Linux x64 alone',
)
const BUILT = join(projectRoot, 'bench', 'built')

/** On no machine is a second enough for more than copies and transfers. The rest is left out, and the result says so. */
const IN_A_SECOND = ['--quick', '--software', '--budget', '1']

let folder = ''
/** The outcome of `npm run bench`, which builds the benchmark for all tests here. */
let inNode: Finished
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-bench-'))
  inNode = await run('npm', ['run', '--silent', 'bench', '--', ...IN_A_SECOND, '--out', resultOf('node')])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const resultOf = (runtime: string) => join(folder, `${runtime}.json`)

/** What must hold of every run, however much of it there was time for. */
function expectTrue(result: BenchmarkResult, runtime: 'node' | 'chrome'): void {
  expect(result).toMatchObject({ quick: true, host: { runtime }, format: 'voxrisk benchmark 1' })
  expect(result.host.processor).toBeTruthy()
  expect(result.checks.filter(({ equal }) => !equal)).toEqual([])
}

/** Checks that a run of the tiny plan has measured everything. */
function expectWhole(result: BenchmarkResult): void {
  expect(result.leftOut).toEqual([])
  const contestants = result.contestants.map(({ id }) => id)
  expect(contestants).toEqual(['cpu', 'cpu-threads', 'webgpu'])
  const compared = new Set(result.checks.flatMap(check => check.contestants))
  expect([...compared].sort()).toEqual(contestants)
  const measured = (stage: string) =>
    result.measurements.filter(entry => entry.stage === stage).map(({ contestant }) => contestant)
  for (const stage of ['copy', 'bin', 'smooth', 'score-peaks', 'job', 'live']) {
    expect([...new Set(measured(stage))].sort(), stage).toEqual(contestants)
  }
  for (const stage of ['upload', 'readback']) expect(measured(stage), stage).toEqual(['webgpu'])
  const frames = result.measurements.filter(({ stage }) => stage.startsWith('frame-'))
  expect(frames.map(({ stage }) => stage)).toEqual(['frame-volume', 'frame-slices'])
  for (const { contestant, clock, case: given } of frames) {
    expect([contestant, clock, given.pixels]).toEqual(['webgpu', 'gpu', { width: 320, height: 180 }])
  }
}

describe('the benchmark', () => {
  test('in Node runs every stage on every contestant', async () => {
    const spawn = (script: string) =>
      startThread(new URL(`${script}.js`, pathToFileURL(join(BUILT, 'node', 'bench.js'))))
    const contestants = [
      cpuContestant(),
      threadsContestant(2, spawn),
      webgpuContestant(await openTestDevice()),
    ]
    const told: string[] = []
    const result = await runBenchmark({
      plan: TINY,
      seconds: ENDLESS,
      contestants,
      host: { runtime: 'node', version: '1', system: 'a system', processor: 'a processor', cores: 2 },
      voxrisk: 'in tests',
      commit: null,
      log: line => told.push(line),
    })
    for (const contestant of contestants) contestant.destroy()
    expectTrue(result, 'node')
    expectWhole(result)
    expect(told).toContain('live, 500 ticks at a time')
  })

  test('in Chrome runs every stage on every contestant', onLinux64, async () => {
    const files = sirv(join(BUILT, 'site'), {
      setHeaders: response => {
        for (const [name, value] of Object.entries(ISOLATED)) response.setHeader(name, value)
      },
    })
    const server = createServer((request, response) => files(request, response)).listen(0, '127.0.0.1')
    const pages = await openPages('software')
    try {
      const page = await pages.newPage()
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      await page.waitForFunction(() => 'runVoxriskBenchmark' in globalThis)
      const settings: SiteSettings = {
        plan: TINY,
        seconds: ENDLESS,
        software: true,
        version: '1',
        system: 'a system',
        processor: 'a processor',
      }
      const answer = await page.evaluate(given => globalThis.runVoxriskBenchmark(given), settings)
      if ('refused' in answer) throw new Error(answer.refused)
      expectTrue(answer.result, 'chrome')
      expectWhole(answer.result)
    } finally {
      await pages.close()
      server.close()
    }
  })
})

/** Runs a built program. */
const built = (program: string, ...parameters: string[]) =>
  run(process.execPath, [join(BUILT, 'node', `${program}.js`), ...parameters])

async function inChrome(): Promise<Finished> {
  const browser = (await findChromium()) ?? ''
  return built('chrome', ...IN_A_SECOND, '--browser', browser, '--out', resultOf('chrome'))
}

describe.each([
  { command: 'npm run bench', runtime: 'node', program: 'bench', finished: async () => inNode },
  { command: 'the program in Chrome', runtime: 'chrome', program: 'chrome', finished: inChrome },
] as const)('$command', ({ runtime, program, finished }) => {
  test('says what was left out for lack of time, and that the GPU is software', onLinux64, async () => {
    const { code, stdout, stderr } = await finished()
    expect(code, stderr).toBe(0)
    const [result] = await readResults([resultOf(runtime)]) // held against the schema
    expectTrue(result, runtime)
    expect(result.leftOut.map(({ why }) => why)).toContain('the 1 s given were used up')
    const gpu = result.contestants.find(({ id }) => id === 'webgpu')
    expect(gpu).toMatchObject({ kind: 'software-gpu' })
    expect(gpu?.runsOn).toMatch(/swiftshader/i)
    expect(result.clocks.gpu).toMatchObject({ quantised: false })
    expect(stdout).toContain('(software, not a GPU figure)')
    expect(stdout).not.toMatch(/GPU against CPU/)
    expect(stderr).toContain(resultOf(runtime))
  })

  test('an option it does not know ends it with exit code 2 and is named', async () => {
    const { code, stderr } = await built(program, '--quik')
    expect(code).toBe(2)
    expect(stderr).toContain("unknown option '--quik'")
  })
})

test('npm run bench:report shows both', onLinux64, async () => {
  const results = ['node', 'chrome'].map(resultOf)
  const { code, stdout, stderr } = await run('npm', ['run', '--silent', 'bench:report', '--', ...results])
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^## Node/m)
  expect(stdout).toMatch(/^## Chrome/m)
})
