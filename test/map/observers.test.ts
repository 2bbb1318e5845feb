import { afterEach, expect, test, vi } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { columns, madeUpCalibration, miniMarket } from '../support/ticks.ts'

afterEach(() => vi.unstubAllGlobals())

test('an error thrown by an observer harms neither the map nor other observers, and is not lost', async () => {
  const microtasks: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (task: () => void) => microtasks.push(task))
  const calibration = madeUpCalibration()
  const mapped = async (observe: (map: RiskMap) => void) => {
    const map = await RiskMap.create({ backend: cpuBackend(), calibration })
    observe(map)
    await map.ingest(columns(miniMarket(600, 2)))
    await map.flush()
    map.destroy()
    return map.digest
  }
  const heard = { scores: 0, hotspots: 0, end: 0 }
  const counting = {
    onScores: () => heard.scores++,
    onHotspots: () => heard.hotspots++,
    onEnd: () => heard.end++,
  }
  const fail = (what: string) => () => {
    throw new Error(what)
  }
  const throwing = { onScores: fail('scores'), onHotspots: fail('hotspots'), onEnd: fail('end') }
  const plain = await mapped(() => {})
  expect(microtasks).toEqual([])
  const disturbed = await mapped(map => {
    map.observe(throwing)
    map.observe(counting)
  })
  expect(disturbed).toEqual(plain)
  expect(heard.scores).toBeGreaterThan(0)
  expect(heard.hotspots).toBeGreaterThan(0)
  expect(heard.end).toBe(1)
  expect(microtasks).toHaveLength(heard.scores + heard.hotspots + heard.end)
  expect(microtasks[0]).toThrow('scores')
  const thrown = microtasks.map(task => refusalOf(task))
  expect(new Set(thrown)).toEqual(new Set(['scores', 'hotspots', 'end']))
  expect(thrown.filter(what => what === 'end')).toHaveLength(1)
})

/** The error that a task throws. */
function refusalOf(task: () => void): string {
  try {
    task()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}
