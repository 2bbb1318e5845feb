import { describe, expect, test } from 'vitest'
import { hostQuantum } from '../../bench/suite/clocks.ts'
import { DrawnMap } from '../../bench/suite/drawn-map.ts'
import { runJob } from '../../bench/suite/job.ts'
import { LiveMap } from '../../bench/suite/live.ts'
import { race, repeat } from '../../bench/suite/race.ts'
import { record } from '../../bench/suite/recording.ts'
import { replay } from '../../bench/suite/replay.ts'
import { timingOf } from '../../bench/suite/statistics.ts'
import { makeTape, type Tape, type TapeSpec } from '../../bench/suite/ticks.ts'
import type { Backend, MapSteps } from '../../src/engine/steps.ts'
import { DEFAULT_RADII } from '../../src/layers/trades/grid.ts'
import { mapShape } from '../../src/map/calibration.ts'
import { RiskMap } from '../../src/map/risk-map.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { MAP_READ, Usage } from '../../src/webgpu/flags.ts'
import { allBackends, testDevice } from '../support/backends.ts'

const holder = testDevice()

const SPECS: TapeSpec[] = [
  { distribution: 'realistic', ticks: 12_000, bins: 12, radii: DEFAULT_RADII },
  { distribution: 'spread', ticks: 12_000, voxels: 20_480, radii: { price: 2, size: 1, time: 1 } },
  { distribution: 'one-voxel', ticks: 12_000, radii: DEFAULT_RADII },
]

function openSteps(backend: Backend, { calibration }: Tape): Promise<MapSteps> {
  return backend.open(mapShape(calibration))
}

describe('timing', () => {
  test('median, nearest ranks, interquartile range over median', () => {
    expect(timingOf([4, 1, 3, 2, 10], 1e-6)).toEqual({
      median: 3,
      p95: 10,
      p99: null,
      min: 1,
      max: 10,
      spread: 2 / 3,
    })
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(timingOf(hundred, 1e-6)).toMatchObject({ median: 50.5, p95: 95, p99: 99 })
  })

  test('no figure below ten steps of the clock, and none without repeats', () => {
    expect(timingOf([0.9e-3, 1.1e-3, 1e-3], 1e-4)?.median).toBe(1e-3)
    expect(timingOf([0.9e-3, 1.1e-3, 0.99e-3], 1e-4)).toBeNull()
    expect(timingOf([], 1e-9)).toBeNull()
  })

  test("the host's clock moves in steps below a millisecond", () => {
    const quantum = hostQuantum()
    expect(quantum).toBeGreaterThan(0)
    expect(quantum).toBeLessThan(1e-3)
  })
})

describe('race', () => {
  let now = 0
  const clock = () => now
  /** @param milliseconds the turn takes by the clock of the race */
  const turn = (id: string, order: string[], milliseconds = 0) => ({
    id,
    run: async () => {
      order.push(id)
      now += milliseconds
      return order.length
    },
  })

  test('a warm-up apart, then rounds forwards and backwards by turns', async () => {
    const order: string[] = []
    const { first, runs, tooSlow } = await race(
      ['a', 'b', 'c'].map(id => turn(id, order)),
      { repeats: 3, seconds: 60 },
      clock,
    )
    expect(order.join('')).toBe('abc' + 'abc' + 'cba' + 'abc')
    expect(first.get('b')).toBe(2)
    expect(runs.get('b')).toEqual([5, 8, 11])
    expect(tooSlow.size).toBe(0)
  })

  test('a contestant too slow for three repeats is left out after the warm-up', async () => {
    const order: string[] = []
    const turns = [turn('quick', order, 60), turn('slow', order, 100)]
    const { first, runs, tooSlow } = await race(turns, { repeats: 5, seconds: 0.2 }, clock)
    expect([...first.keys()]).toEqual(['quick', 'slow'])
    expect([...runs.keys()]).toEqual(['quick'])
    expect([...tooSlow.keys()]).toEqual(['slow'])
    expect(tooSlow.get('slow')).toBeCloseTo(0.1)
    expect(order.filter(id => id === 'slow')).toHaveLength(1)
  })

  test('ends early when the time is up, after three repeats at the least', async () => {
    const order: string[] = []
    const long = await race([turn('a', order, 20)], { repeats: 1000, seconds: 0.13 }, clock)
    // 120 ms with the warm-up. A sixth run would make it 144 at this pace.
    expect(long.runs.get('a')).toHaveLength(5)
    const short = await race([turn('a', order, 20)], { repeats: 1000, seconds: 0.06 }, clock)
    expect(short.runs.get('a')).toHaveLength(3)
  })

  test('a lone contestant is never left out: three repeats however slow, more while there is time', async () => {
    const order: string[] = []
    const slow = turn('slow', order, 30)
    expect(await repeat(slow.run, { repeats: 9, seconds: 0.01 }, clock)).toEqual([2, 3, 4])
    expect(await repeat(slow.run, { repeats: 9, seconds: 0.15 }, clock)).toHaveLength(4)
    expect(await repeat(turn('quick', order).run, { repeats: 5, seconds: 60 }, clock)).toHaveLength(5)
  })
})

describe.each(SPECS)('$distribution ticks', spec => {
  test('a replay of the recording gives what the map gives, again and again, in batches of any size', async () => {
    const tape = await makeTape(spec)
    expect(tape.ticks.length).toBe(spec.ticks)
    const recording = await record(tape, { limit: 2000, perRetire: 7 })
    expect(recording.ticks).toBe(spec.ticks)
    const digests = new Set<string>()
    for (const { make } of allBackends(holder)) {
      const backend = make()
      const steps = await openSteps(backend, tape)
      for (const batchTicks of [65_536, 1000, 65_536]) {
        digests.add((await replay(recording, steps, batchTicks)).digest)
      }
      steps.destroy()
    }
    expect(digests.size).toBe(1)
  })

  test('touched voxels are counted as the map has them', async () => {
    const tape = await makeTape(spec)
    const recording = await record(tape, { limit: 2000, perRetire: 256 })
    const [{ make }] = allBackends(holder)
    const { calibration } = tape
    const map = await RiskMap.create({ backend: make(), calibration, lateness: 10_000 }) // no slab closes
    await map.ingest(tape.ticks)
    expect((await map.moments()).length).toBe(recording.touchedVoxels)
    map.destroy()
  })
})

test('jobs on all backends have one digest', async () => {
  const tape = await makeTape(SPECS[0])
  const jobs = []
  for (const { make } of allBackends(holder)) jobs.push(await runJob(tape, make()))
  expect(new Set(jobs.map(({ digest }) => digest)).size).toBe(1)
  for (const { seconds } of jobs) expect(seconds).toBeGreaterThan(0)
})

test('a live map goes on with the tape, later each time round, and closes slabs', async () => {
  const tape = await makeTape(SPECS[0])
  const digests = []
  for (const { make } of allBackends(holder)) {
    const live = await LiveMap.open(tape, make())
    const warm = live.digest
    for (let update = 0; update < 3; update++) {
      expect(await live.update(4500, update)).toBeGreaterThan(0)
    }
    expect(live.digest).not.toBe(warm)
    digests.push(live.digest)
    live.destroy()
  }
  expect(new Set(digests).size).toBe(1)
})

describe('a drawn map', () => {
  const pixels = { width: 128, height: 72 }

  test.each(SPECS.slice(0, 2))(
    '$distribution: all pages, times by the device, the same picture again',
    async spec => {
      const tape = await makeTape(spec)
      const { commands } = await record(tape, { limit: 2000, perRetire: 256 })
      const map = await DrawnMap.open(tape, webgpuBackend(holder.device), holder.device, pixels)
      const scored = commands.flatMap(entry => (entry.kind === 'retire' ? [...entry.work.score] : []))
      expect(map.pages).toBe(scored.length)
      expect(map.pages).toBeGreaterThan(0)
      const pictures: Record<string, Uint8Array> = {}
      for (const mode of ['volume', 'slices'] as const) {
        expect(await map.draw(mode)).toBeGreaterThan(0)
        const first = await pixelsOf(map.texture)
        expect(await map.draw(mode)).toBeGreaterThan(0)
        expect(await pixelsOf(map.texture)).toEqual(first)
        expect(first.filter((_, i) => i % 4 === 3 && first[i] > 0).length).toBeGreaterThan(100)
        pictures[mode] = first
      }
      expect(pictures.volume).not.toEqual(pictures.slices)
      map.destroy()
    },
  )

  async function pixelsOf(texture: GPUTexture): Promise<Uint8Array> {
    const { width, height } = texture
    const bytesPerRow = 4 * width // 512: a multiple of 256
    const size = bytesPerRow * height
    const copy = holder.device.createBuffer({ size, usage: Usage.mapRead | Usage.copyTarget })
    const encoder = holder.device.createCommandEncoder()
    encoder.copyTextureToBuffer({ texture }, { buffer: copy, bytesPerRow }, [width, height])
    holder.device.queue.submit([encoder.finish()])
    await copy.mapAsync(MAP_READ)
    const pixels = Uint8Array.from(new Uint8Array(copy.getMappedRange()))
    copy.destroy()
    return pixels
  }
})

test('the seconds of a replay are those of this replay, by step of the device', async () => {
  const tape = await makeTape(SPECS[1])
  const recording = await record(tape, { limit: 2000, perRetire: 256 })
  const steps = await openSteps(webgpuBackend(holder.device, { timestamps: true }), tape)
  const [first, second] = [await replay(recording, steps, 65_536), await replay(recording, steps, 65_536)]
  const total = Object.values(steps.deviceSeconds ?? {}).reduce((sum, value) => sum + value, 0)
  const both = [first, second].flatMap(({ seconds }) => Object.values(seconds))
  expect(both.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 9)
  for (const step of ['bin', 'smooth', 'score', 'peaks', 'release']) {
    expect(second.seconds[step], step).toBeGreaterThan(0)
  }
  steps.destroy()
})
