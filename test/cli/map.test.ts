import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MapReport } from '../../src/job/report.ts'
import { checkCalibration } from '../../src/map/calibration.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { type Finished, projectRoot } from '../support/cli.ts'
import { needs } from '../support/needs.ts'
import { bybit, COLUMNS, csv, decimal, kraken, mapWorkplace, zip } from '../support/trade-files.ts'

/** Trades in the files below: the sample's first hours, enough for a few dozen hotspots. */
const TRADES = 3000

const CPU = ['--backend', 'cpu']
const DIGEST = /^[0-9a-f]{64}$/

const { place, trades, at, map, report } = await mapWorkplace(TRADES)

describe('the sample', () => {
  let printed: Finished
  beforeAll(async () => {
    printed = await map([])
  })

  test('prints a table, the account and the digest', () => {
    expect(printed.code).toBe(0)
    expect(printed.stderr).toBe('no file given: mapping the built-in sample, a generated day\n')
    const lines = printed.stdout.split('\n')
    expect(lines[0]).toMatch(/^20 of \d+ hotspots, highest risk first$/)
    expect(lines[2].trim().split(/ {2,}|(?<=#) +/)).toEqual([
      '#',
      'score',
      'time (UTC)',
      'price',
      'size',
      'trades',
      'volume',
      'bps/trade',
      'flow',
    ])
    const rows = hotspotRows(printed.stdout)
    expect(rows.map(({ rank }) => rank)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(rows.map(({ score }) => score)).toEqual(rows.map(({ score }) => score).sort((a, b) => b - a))
    const [, read, binned] =
      /^rows {8}([\d,]+) read = ([\d,]+) binned \+ outside \(0\) \+ rejected \(0\)$/m.exec(printed.stdout)!
    expect(read).toBe(binned)
    expect(Number(read.replaceAll(',', ''))).toBeGreaterThan(200_000)
    expect(printed.stdout).toMatch(/^instrument {2}SAMPLE-PERP, tick 0\.5, lot 0\.001, linear$/m)
    expect(printed.stdout).toMatch(
      /^grid {8}price 250 \(500 ticks\), size 1 bin per octave \(\d+\), time 15 min$/m,
    )
    expect(printed.stdout).toMatch(/^kernel {6}price ±4, size ±1, time ±2 bins/m)
    expect(printed.stdout).toMatch(/^unmarked {4}.*: 1 first;/m)
    expect(printed.stdout).toMatch(/^backend {5}(cpu|webgpu): \S/m)
    expect(printed.stdout).toMatch(/^time {8}read .+, calibrate .+, map .+, total .+ \(in map: .+\)$/m)
  })

  test('says where the injected episodes are and which hotspots lie in them', async () => {
    const day = sampleDay()
    for await (const _ of day.source.chunks());
    expect(day.episodes).toHaveLength(2)
    for (const { name, time, price, side } of day.episodes) {
      const inside = hotspotRows(printed.stdout).filter(
        row =>
          row.from < Date.parse(time.to) &&
          row.to > Date.parse(time.from) &&
          row.low <= Number(price.high) &&
          row.high > Number(price.low),
      )
      expect(inside.length, name).toBeGreaterThan(0)
      const clock = (iso: string) => iso.slice(11, -1)
      expect(printed.stdout).toContain(
        `  ${name}: 2024-03-05 ${clock(time.from)} – ${clock(time.to)}, ${price.low} – ${price.high}, ` +
          `mostly ${side}: hotspots ${inside.map(({ rank }) => rank).join(', ')}\n`,
      )
    }
    expect(printed.stdout).toMatch(/: hotspots 1, /) // the riskiest place of the day is an injected one
  })

  test('gives the same digests again, and as JSON', async () => {
    const { digest, instrument } = await report()
    expect(instrument.symbol).toBe('SAMPLE-PERP')
    expect(printed.stdout).toContain(
      `\ndigest      moments  ${digest.moments}\n            hotspots ${digest.hotspots}\n`,
    )
  })
})

/** The rows of the printed table; time in ms, price as numbers. */
function hotspotRows(stdout: string) {
  const row =
    /^ *(\d+) +(-?\d+\.\d\d) {2}(\d{4}-\d\d-\d\d) (\d\d:\d\d) – (\d\d:\d\d) +([\d.]+) – ([\d.]+) {2}.* [\d.,]+ +[\d.,]+ +[\d.,]+ +(0|[+−]\d+) %$/gm
  return [...stdout.matchAll(row)].map(([, rank, score, day, from, to, low, high]) => ({
    rank: Number(rank),
    score: Number(score),
    from: Date.parse(`${day}T${from}Z`),
    to: Date.parse(`${day}T${to}Z`),
    low: Number(low),
    high: Number(high),
  }))
}

describe('--json', () => {
  test('has the fields of the report, exact integers as text, and an account that closes', async () => {
    const [time, units] = trades[TRADES - 1]
    const price = decimal(units, 1)
    const dirt = [
      `${time},buy,${price},1.000\n`, // a trade like any other
      `${trades[0][0]},buy,${price},1.000\n`, // hours late
      `${time},buy,${price},0.000\n`,
      `${time},buy,-${price},1.000\n`,
      `yesterday,buy,${price},1.000\n`,
      `${time},buy,${price}3,1.000\n`, // off the tick grid
    ].join('')
    await writeFile(at('dirty.csv'), csv(trades) + dirt)
    const found = await report('dirty.csv', ...COLUMNS, '--top', '7', '--tick-size', '0.5', ...CPU)

    expect(Object.keys(found).sort()).toEqual(
      [
        'voxrisk',
        'instrument',
        'grid',
        'kernel',
        'calibration',
        'backend',
        'rows',
        'unmarked',
        'digest',
        'hotspots',
        'timings',
        'sizes',
        'hotspotsFound',
        'warnings',
        'lateness',
      ].sort(),
    )
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(found.voxrisk).toEqual({ version })
    expect(found.instrument).toEqual({ symbol: '', tickSize: '0.5', lotSize: '0.001', contract: 'linear' })
    expect(found.grid).toEqual({
      priceWidth: expect.any(Number),
      timeWidth: 900_000_000,
      sizeResolution: 0,
      sizeBins: expect.any(Number),
    })
    expect(found.kernel).toEqual({ radii: { price: 4, size: 1, time: 2 }, centre: 840, total: 16_384 })
    expect(checkCalibration(found.calibration)).toMatchObject({
      instrument: found.instrument,
      grid: found.grid,
      kernel: found.kernel.radii,
    })
    expect(found.backend).toEqual({ name: 'cpu', adapter: expect.any(String) })
    expect(found.lateness).toBe(1)

    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0)
    expect(found.rows).toEqual({
      read: TRADES + 6,
      binned: TRADES + 1,
      outside: { late: 1 },
      rejected: expect.objectContaining({ 'off-tick-grid': 1 }),
      noted: expect.any(Object),
    })
    expect(sum(found.rows.rejected)).toBe(4)
    expect(found.unmarked).toEqual({ first: 1, shareOfVariation: expect.any(Number) })
    expect(found.unmarked.shareOfVariation).toBeGreaterThanOrEqual(0)
    expect(found.unmarked.shareOfVariation).toBeLessThanOrEqual(1)
    expect(Object.keys(found.digest)).toEqual(['moments', 'hotspots'])
    expect(found.digest.moments).toMatch(DIGEST)
    expect(found.digest.hotspots).toMatch(DIGEST)
    expect(found.timings).toMatchObject({ read: expect.any(Number), total: expect.any(Number) })
    for (const seconds of Object.values(found.timings)) expect(seconds).toBeGreaterThanOrEqual(0)
    expect(found.warnings).toEqual([])

    expect(found.hotspots).toHaveLength(7)
    expect(found.hotspotsFound).toBeGreaterThan(7)
    expect(found.hotspots.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7])
    const scores = found.hotspots.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    const iso = expect.stringMatching(/^2024-03-05T\d\d:(00|15|30|45):00\.000Z$/)
    const text = expect.stringMatching(/^\d+(\.\d*[1-9])?$/)
    const integer = expect.stringMatching(/^(0|-?[1-9]\d*)$/)
    for (const hotspot of found.hotspots) {
      const { from, to } = hotspot.size
      expect(hotspot).toEqual({
        rank: expect.any(Number),
        score: expect.any(Number),
        time: { from: iso, to: iso },
        price: { from: text, to: text },
        size: { from: text, to: to === null ? null : text },
        trades: expect.any(Number),
        volume: expect.any(Number),
        imbalance: expect.any(Number),
        volatilityBps: expect.any(Number),
        moments: {
          trades: integer,
          volume: integer,
          flow: integer,
          variation: integer,
          covariation: integer,
        },
        voxel: { time: expect.any(Number), price: expect.any(Number), size: expect.any(Number) },
      })
      expect(Date.parse(hotspot.time.to) - Date.parse(hotspot.time.from)).toBe(900_000)
      expect(Number(hotspot.price.to)).toBeGreaterThan(Number(hotspot.price.from))
      if (to !== null) expect(Number(to)).toBeGreaterThan(Number(from))
      expect(Math.abs(hotspot.imbalance)).toBeLessThanOrEqual(1)
      // The facts are the moments in units of the kernel's centre weight.
      expect(hotspot.trades).toBeCloseTo(Number(hotspot.moments.trades) / 840)
      expect(hotspot.volume).toBeCloseTo(Number(hotspot.moments.volume) / 840 / 1000)
      expect(hotspot.imbalance).toBeCloseTo(Number(hotspot.moments.flow) / Number(hotspot.moments.volume))
    }
  })

  test('takes grid and kernel from the options', async () => {
    const given =
      '--time-bin 1h --price-width 200 --size-resolution 2 --lot-size 0.01 --kernel time=1,price=2 --lateness 0'
    const found = await report('trades.csv', ...COLUMNS, ...CPU, ...given.split(' '), '--contract', 'inverse')
    expect(found.grid).toMatchObject({ timeWidth: 3_600_000_000, priceWidth: 400, sizeResolution: 2 })
    expect(found.kernel.radii).toEqual({ price: 2, size: 1, time: 1 })
    expect(found.lateness).toBe(0)
    expect(found.instrument).toMatchObject({ lotSize: '0.01', contract: 'inverse' })
    expect(found.sizes.rounded).toBeGreaterThan(0)
    expect(Math.abs(found.sizes.roundingSum)).toBeLessThanOrEqual(0.005 * found.sizes.rounded)
  })
})

describe.concurrent('the same trades give the same digests', () => {
  let expected: MapReport
  beforeAll(async () => {
    expected = await report('trades.csv', ...COLUMNS, ...CPU)
    expect(expected.rows).toMatchObject({ read: TRADES, binned: TRADES, outside: {}, rejected: {} })
    expect(expected.hotspots.length).toBeGreaterThan(5)
  })

  const same = async (parameters: string[]) => {
    const found = await report(...parameters, ...CPU)
    expect(found.digest).toEqual(expected.digest)
    expect(found.rows).toEqual(expected.rows)
    return found
  }

  test('packed with gzip, whatever the name', async () => {
    await writeFile(at('packed.csv'), gzipSync(csv(trades)))
    await same(['packed.csv', ...COLUMNS])
  })

  test('cut into two consecutive files', async () => {
    await writeFile(at('first.csv'), csv(trades.slice(0, 1234)))
    await writeFile(at('second.csv.gz'), gzipSync(csv(trades.slice(1234))))
    await same(['first.csv', 'second.csv.gz', ...COLUMNS])
  })

  test('with columns by number', () =>
    same(['trades.csv', '--columns', 'time=1,price=3,size=4,side=2', '--time-unit', 'us']))

  test('in a recognised format that runs newest first', async () => {
    await writeFile(at('bybit.csv.gz'), gzipSync(bybit(trades)))
    const found = await same(['bybit.csv.gz'])
    expect(found.instrument.symbol).toBe('XYZUSD')
  })

  test('with the tick size given, however it is written', () =>
    same(['trades.csv', ...COLUMNS, '--tick-size', '0.50']))

  test('but not one lot more', async () => {
    const [time, price, size, side] = trades[1000]
    await writeFile(at('more.csv'), csv(trades.with(1000, [time, price, size + 1, side])))
    const found = await report('more.csv', ...COLUMNS, ...CPU)
    expect(found.rows).toEqual(expected.rows)
    expect(found.digest.moments).not.toBe(expected.digest.moments)
  })

  test('from a zip whose member is chosen by --symbol', async () => {
    const members = { 'AAAUSD.csv': kraken(trades), 'BBBUSD.csv': kraken(trades.slice(0, 2000)) }
    await writeFile(at('pairs.zip'), await zip(members))
    await writeFile(at('one.csv'), members['AAAUSD.csv'])
    const found = await report('pairs.zip', '--symbol', 'aaausd', ...CPU)
    expect(found.instrument.symbol.toLowerCase()).toBe('aaausd')
    expect(found.digest).toEqual((await report('one.csv', ...CPU)).digest)
    const refused = await map(['pairs.zip', ...CPU])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toBe(
      'voxrisk: pairs.zip: the zip holds 2 symbols: AAAUSD, BBBUSD\n' +
        '         Say which one to read, such as AAAUSD (--symbol).\n',
    )
  })

  test('on a saved calibration, read once', async () => {
    const saved = await report('trades.csv', ...COLUMNS, ...CPU, '--save-calibration', 'saved.json')
    expect(saved.digest).toEqual(expected.digest)
    expect(saved.timings.calibrate).toBeGreaterThan(0)
    expect(JSON.parse(await readFile(at('saved.json'), 'utf8'))).toEqual(saved.calibration)
    expect((await readdir(place.folder)).filter(name => name.startsWith('saved'))).toEqual(['saved.json'])

    const again = await same(['trades.csv', ...COLUMNS, '--calibration', 'saved.json'])
    expect(again.timings).toMatchObject({ read: 0, calibrate: 0 })
    expect(again.timings.map).toBeGreaterThan(0)
    const { hotspots, calibration } = saved
    expect(again).toMatchObject({ hotspots, calibration })
  })
})

/** A frame of this package's or Node's code; Dawn's own warning about a missing Vulkan names a C++ file. */
const STACK = /^ +at .*(\.js|\.ts|node:|<anonymous>)/m

describe('backends', () => {
  /** The same few pages everywhere: a software adapter takes milliseconds for each. */
  const SMALL = ['small.csv', ...COLUMNS, '--kernel', 'price=2,size=1,time=1', '--time-bin', '1h']
  beforeAll(() => writeFile(at('small.csv'), csv(trades.slice(0, 1000))))

  test('--verify finds WebGPU equal to the CPU and says so', async () => {
    const cpu = await report(...SMALL, ...CPU)
    const { code, stdout } = await map([...SMALL, '--backend', 'webgpu', '--verify', '--json'])
    expect(code).toBe(0)
    const found = JSON.parse(stdout) as MapReport
    expect(found.backend.name).toBe('webgpu')
    expect(found.verified).toEqual({ against: cpu.backend, voxels: expect.any(Number) })
    expect(found.verified?.voxels).toBeGreaterThan(0)
    expect((found.verified?.voxels ?? 1) % (64 * cpu.grid.sizeBins)).toBe(0) // whole pages
    for (const part of ['digest', 'hotspots', 'calibration', 'rows'] as const) {
      expect(found[part]).toEqual(cpu[part])
    }
    expect(cpu.hotspots.length).toBeGreaterThan(0)
  })

  test('--verify on the CPU takes WebGPU as the second', async () => {
    const { code, stdout } = await map([...SMALL, '--backend', 'cpu', '--verify'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^backend {5}cpu: /m)
    expect(stdout).toMatch(/^verified {4}[\d,]+ voxels, all hotspots and digests equal on webgpu: \S/m)
  })

  test('auto never takes a software adapter', async () => {
    const { backend } = await report(...SMALL, '--backend', 'auto')
    expect(backend.adapter).not.toMatch(/software|swiftshader|llvmpipe/i)
    // Where the tests run on a software GPU, that leaves the CPU.
    if (process.env.VK_DRIVER_FILES?.includes('swiftshader')) expect(backend.name).toBe('cpu')
  })

  test('no adapter', needs(process.platform === 'linux', 'only Linux can hide its adapters'), async () => {
    const none = {
      VK_DRIVER_FILES: at('none.json'),
      VK_ICD_FILENAMES: at('none.json'),
      LD_LIBRARY_PATH: undefined,
    }
    const asked = await map([...SMALL, '--backend', 'webgpu'], none)
    expect(asked.code).toBe(1)
    expect(asked.stdout).toBe('')
    expect(asked.stderr).toContain(
      'voxrisk: WebGPU found no adapter on this machine\n' +
        '         Install a GPU driver with Vulkan, Metal or Direct3D 12, or use the cpu backend (--backend cpu).\n',
    )
    expect(asked.stderr).not.toMatch(STACK)

    const verified = await map([...SMALL, '--backend', 'cpu', '--verify'], none)
    expect(verified.code).toBe(1)
    expect(verified.stderr).toContain('voxrisk: WebGPU found no adapter on this machine\n')

    const auto = await map([...SMALL, '--backend', 'auto'], none)
    expect(auto).toMatchObject({ code: 0, stderr: '' })
    expect(auto.stdout).toMatch(/^backend {5}cpu: /m)
  })
})
