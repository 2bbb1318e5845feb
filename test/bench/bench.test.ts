import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readResults } from '../../bench/report/read-results.ts'
import { type Finished, run } from '../support/cli.ts'

/** Does not judge times, only that the benchmarks run, compare results and report correctly what ran. */
const BUDGET = 45
const isLinux64 = process.platform === 'linux' && process.arch === 'x64'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-bench-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function npmRun(script: string, ...parameters: string[]): Promise<Finished> {
  return run('npm', ['run', '--silent', script, '--', ...parameters])
}

// One after the other: both build the benchmark first.
describe.sequential.each([
  { script: 'bench', runtime: 'node' },
  { script: 'bench:chrome', runtime: 'chrome' },
])('npm run $script', ({ script, runtime }) => {
  test.runIf(isLinux64)(
    'measures on a machine without a GPU, marked as software',
    async () => {
      const out = join(folder, `${runtime}.json`)
      const { code, stdout, stderr } = await npmRun(
        script,
        ...['--quick', '--software', '--budget', String(BUDGET), '--out', out],
      )
      expect(code, stderr).toBe(0)
      const [result] = await readResults([out]) // checked against the schema
      expect(result).toMatchObject({ quick: true, host: { runtime }, format: 'voxrisk benchmark 1' })
      expect(result.host.processor).toBeTruthy()
      const gpu = result.contestants.find(({ id }) => id === 'webgpu')
      expect(gpu).toMatchObject({ kind: 'software-gpu' })
      expect(gpu?.runsOn).toMatch(/swiftshader/i)
      expect(result.clocks.gpu).toMatchObject({ quantised: false })

      expect(result.checks.filter(({ equal }) => !equal)).toEqual([])
      const compared = new Set(result.checks.flatMap(({ contestants }) => contestants))
      for (const { id, kind } of result.contestants) if (kind !== 'peer') expect(compared).toContain(id)

      for (const stage of ['copy', 'bin', 'smooth', 'score-peaks', 'job', 'live']) {
        const found = result.measurements.filter(entry => entry.stage === stage && entry.contestant === 'cpu')
        expect(found.length, stage).toBeGreaterThan(0)
      }
      for (const stage of ['copy', 'upload', 'readback']) {
        const found = result.measurements.filter(
          entry => entry.stage === stage && entry.contestant === 'webgpu',
        )
        expect(found.length, stage).toBeGreaterThan(0)
      }
      const frames = result.measurements.filter(({ stage }) => stage.startsWith('frame-'))
      for (const { contestant, clock, case: given } of frames) {
        expect([contestant, clock, given.pixels]).toEqual(['webgpu', 'gpu', { width: 320, height: 180 }])
      }
      // A busy machine may have no time for them, and then says so.
      const told = result.leftOut.filter(({ what }) => what.includes('frames, '))
      expect(frames.length + told.length).toBeGreaterThanOrEqual(told.length > 0 ? 1 : 2)
      expect(stdout).toContain('(software, not a GPU figure)')
      expect(stdout).not.toMatch(/GPU against CPU/)
      expect(stderr).toContain(out)
    },
    300_000,
  )

  test('an option it does not know ends it with exit code 2 and is named', async () => {
    const { code, stderr } = await npmRun(script, '--quik')
    expect(code).toBe(2)
    expect(stderr).toContain("unknown option '--quik'")
  })
})

test.runIf(isLinux64)('npm run bench:report shows both', async () => {
  const results = ['node', 'chrome'].map(runtime => join(folder, `${runtime}.json`))
  const { code, stdout, stderr } = await npmRun('bench:report', ...results)
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^## Node/m)
  expect(stdout).toMatch(/^## Chrome/m)
})
