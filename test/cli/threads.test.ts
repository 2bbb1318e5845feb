import { beforeAll, describe, expect, test } from 'vitest'
import type { MapReport } from '../../src/job/report.ts'
import type { Calibration } from '../../src/map/calibration.ts'
import { projectRoot, run } from '../support/cli.ts'
import { COLUMNS, mapWorkplace } from '../support/trade-files.ts'

const { place, map, report } = await mapWorkplace(20_000)
const FILE = ['trades.csv', ...COLUMNS, '--backend', 'cpu', '--time-bin', '5m']

describe('--threads', () => {
  let alone: MapReport
  beforeAll(async () => {
    alone = await report(...FILE)
  })

  test('another number of threads, the same map, and the command ends', async () => {
    const found = await report(...FILE, '--threads', '3')
    expect(found.backend).toEqual({ name: 'cpu', adapter: 'JavaScript, 3 threads' })
    expect(found.hotspots.length).toBeGreaterThan(0)
    for (const part of ['digest', 'hotspots', 'hotspotsFound', 'calibration', 'rows', 'grid'] as const) {
      expect(found[part]).toEqual(alone[part])
    }
    expect(Object.keys(found.timings)).toEqual(Object.keys(alone.timings))
  })

  test('one thread is the command itself', async () => {
    expect((await report(...FILE, '--threads', '1')).backend).toEqual(alone.backend)
  })

  test('calibrate takes it too', async () => {
    const { code, stdout } = await place.voxrisk(['calibrate', ...FILE, '--threads', '2'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout) as Calibration).toEqual(alone.calibration)
  })

  test.each([
    [['--threads', '0'], 'voxrisk: threads 0 is not a whole number in 1 … 256\n'],
    [['--threads', '257'], 'voxrisk: threads 257 is not a whole number in 1 … 256\n'],
    [['--threads', 'all'], "option '--threads <count>' argument 'all' is invalid. Write a whole number.\n"],
    [
      ['--threads', '2', '--backend', 'webgpu'],
      'voxrisk: --threads is for the cpu backend, but the backend is webgpu\n',
    ],
  ])('%s is refused', async (options, message) => {
    const { code, stdout, stderr } = await map([...FILE, ...options])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})

test('a process ends when its work is done, also with a backend that nobody destroyed', async () => {
  const script = `
    import { RiskMap } from 'voxrisk'
    import { openBackend } from 'voxrisk/node'
    const backend = await openBackend('cpu', { threads: 2 })
    const map = await RiskMap.create({ backend, calibration: ${JSON.stringify((await report(...FILE)).calibration)} })
    await map.flush()
    console.log(backend.adapter)`
  const finished = await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: projectRoot,
  })
  expect(finished).toEqual({ code: 0, stdout: 'JavaScript, 2 threads\n', stderr: '' })
})
