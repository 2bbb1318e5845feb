import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js'
import { CommanderError } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mapCommand } from '../src/cli/map.ts'
import { Progress } from '../src/cli/progress.ts'
import type { MapReport } from '../src/job/report.ts'
import { checkCalibration } from '../src/map/calibration.ts'
import { sampleDay } from '../src/sample/sample-day.ts'
import { cliPath, type Finished, projectRoot, voxrisk } from './support/cli.ts'

/** One trade as the sample gives it: µs, tenths of a dollar, thousandths of a coin. */
type Trade = readonly [time: number, price: number, size: number, side: number]

/** Trades in the files below: the sample's first hours, enough for a few dozen hotspots. */
const TRADES = 3000
const COLUMNS = ['--columns', 'time=when,price=px,size=qty,side=taker']
const CPU = ['--backend', 'cpu']
const DIGEST = /^[0-9a-f]{64}$/

let folder = ''
let trades: Trade[] = []

/** Path of a file in the folder of these tests. */
const at = (name: string) => join(folder, name)

/** Runs `voxrisk map` with a temporary folder of its own, in which nothing may stay behind. */
async function map(parameters: readonly string[], env: Record<string, string | undefined> = {}) {
  const TMPDIR = await mkdtemp(at('tmp/'))
  const finished = await voxrisk(['map', ...parameters], { cwd: folder, env: { TMPDIR, ...env } })
  expect(await readdir(TMPDIR)).toEqual([])
  return finished
}

/** The report of a run that must succeed, with nothing but JSON on stdout and nothing on stderr. */
async function report(...parameters: string[]): Promise<MapReport> {
  const { code, stdout, stderr } = await map([...parameters, '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const decimal = (units: number, decimals: number) => (units / 10 ** decimals).toFixed(decimals)

function csv(rows: readonly Trade[]): string {
  const lines = rows.map(
    ([time, price, size, side]) =>
      `${time},${side > 0 ? 'buy' : 'sell'},${decimal(price, 1)},${decimal(size, 3)}\n`,
  )
  return `when,taker,px,qty\n${lines.join('')}`
}

/** As Bybit publishes a day: newest first, seconds with a fraction, more columns than needed. */
function bybit(rows: readonly Trade[]): string {
  const lines = rows
    .map(
      ([time, price, size, side]) =>
        `${decimal(time, 6)},XYZUSD,${side > 0 ? 'Buy' : 'Sell'},${decimal(size, 3)},${decimal(price, 1)},PlusTick,id,1,1,1\n`,
    )
    .reverse()
  return `timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n${lines.join('')}`
}

function kraken(rows: readonly Trade[]): string {
  return rows
    .map(([time, price, size]) => `${Math.floor(time / 1e6)},${decimal(price, 1)},${decimal(size, 3)}\n`)
    .join('')
}

async function zip(members: Record<string, string>): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const [name, content] of Object.entries(members)) await writer.add(name, new TextReader(content))
  return new Uint8Array(await (await writer.close()).arrayBuffer())
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voxrisk-cli-'))
  await mkdir(at('tmp'))
  for await (const chunk of sampleDay({ trades: 10_000 }).source.chunks()) {
    for (let i = 0; i < chunk.length; i++) {
      trades.push([chunk.time[i], chunk.price[i], chunk.size[i], chunk.side[i]])
    }
  }
  trades = trades.slice(0, TRADES)
  await writeFile(at('trades.csv'), csv(trades))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

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
      /^grid {8}price 250 \(500 ticks\), size 1 bin an octave \(\d+\), time 15 min$/m,
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
      timeBin: 900_000_000,
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
    const given = '--time-bin 1h --price-width 200 --lot-size 0.01 --kernel time=1,price=2 --lateness 0'
    const found = await report('trades.csv', ...COLUMNS, ...CPU, ...given.split(' '), '--contract', 'inverse')
    expect(found.grid).toMatchObject({ timeBin: 3_600_000_000, priceWidth: 400 })
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
    expect(expected.rows).toEqual({ read: TRADES, binned: TRADES, outside: {}, rejected: {}, noted: {} })
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
      'voxrisk: pairs.zip: the zip holds 2 files: AAAUSD.csv, BBBUSD.csv\n' +
        '         Say which one to read, e.g. --symbol AAAUSD.\n',
    )
  })

  test('on a saved calibration, read once', async () => {
    const saved = await report('trades.csv', ...COLUMNS, ...CPU, '--save-calibration', 'saved.json')
    expect(saved.digest).toEqual(expected.digest)
    expect(saved.timings.calibrate).toBeGreaterThan(0)
    expect(JSON.parse(await readFile(at('saved.json'), 'utf8'))).toEqual(saved.calibration)
    expect((await readdir(folder)).filter(name => name.startsWith('saved'))).toEqual(['saved.json'])

    const again = await same(['trades.csv', ...COLUMNS, '--calibration', 'saved.json'])
    expect(again.timings).toMatchObject({ read: 0, calibrate: 0 })
    expect(again.timings.map).toBeGreaterThan(0)
    const { hotspots, calibration } = saved
    expect(again).toMatchObject({ hotspots, calibration })
  })
})

describe.concurrent('wrong usage exits 2 and says what to do', () => {
  beforeAll(() =>
    writeFile(at('symbols.csv'), 'time,symbol,price,size\n1600000000,A,1,2\n1600000001,B,1,2\n'),
  )

  test.each<[string, string[], RegExp]>(
    // biome-ignore format: a table
    [
    ['an unknown option', ['map', '--tick', '1'], /unknown option '--tick'\n/],
    ['an unknown command', ['chart'], /error: unknown command 'chart'\n/],
    ['no command', [], /Usage: voxrisk .*\bmap \[options\] \[file\.\.\.\]/s],
    ['a bad duration', ['map', '--time-bin', '15'], /'15' is invalid\. Write a duration like 15m, 30s or 1h\.\n/],
    ['a bad kernel', ['map', '--kernel', 'price=9'], /kernel radius price=9 is not .* 0 … 8\n +Give radii such as price=4,size=1,time=2\./],
    ['columns that are not there', ['map', 'trades.csv', '--columns', 'time=when,price=9,size=qty'], /trades\.csv: columns: price is column 9, but the first line has 4 columns\n +Name the columns/],
    ['columns for a format that fixes them', ['map', 'trades.csv', '--format', 'bybit', ...COLUMNS], /columns and time unit are fixed in format bybit\n +Leave them out, or use --format csv\./],
    ['options for reading without a file', ['map', '--symbol', 'BTCUSD'], /options for reading are given, but no file\n +Name a file of trades\./],
    ['several symbols', ['map', 'symbols.csv'], /symbols\.csv: row 2: symbol B follows A: .*\n +Say which one to read, e\.g\. --symbol A or --symbol B\./],
    ['a symbol that is not there', ['map', 'symbols.csv', '--symbol', 'C'], /symbols\.csv: none of 2 rows is a trade of C\n +Ask for a symbol the file holds\./],
    ['a price width off the ticks', ['map', 'trades.csv', ...COLUMNS, ...CPU, '--price-width', '0.3'], /price width 0\.3 is not a whole number of ticks of 0\.5\n +Give a multiple of 0\.5\./],
    // The calibration named is not even opened: what contradicts is seen first.
    ['a tick size beside a calibration', ['map', '--calibration', 'nowhere.json', '--tick-size', '1'], /option '--calibration <file>' cannot be used with option '--tick-size <decimal>'\n/],
  ],
  )('%s', async (_, parameters, message) => {
    const { code, stdout, stderr } = await voxrisk(parameters, { cwd: folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(STACK)
  })

  /** What the parser of `voxrisk map` refuses, without a process of its own. */
  async function refused(parameters: string[]) {
    const written: string[] = []
    const command = mapCommand()
      .exitOverride()
      .configureOutput({ writeErr: line => written.push(line) })
    await expect(command.parseAsync(parameters, { from: 'user' })).rejects.toThrow(CommanderError)
    return written.join('')
  }

  const KERNEL = 'Write it like price=4,size=1,time=2.'
  test.each([
    ['--time-bin', '0m', 'Write a duration like 15m, 30s or 1h.'],
    ['--time-bin', '1.5h', 'Write a duration like 15m, 30s or 1h.'],
    ['--kernel', 'depth=4', KERNEL],
    ['--kernel', 'time=1,time=2', KERNEL],
    ['--kernel', 'time=-1', KERNEL],
    ['--kernel', 'time', KERNEL],
    ['--top', '-1', 'Write a whole number.'],
    ['--lateness', '1.5', 'Write a whole number.'],
    ['--tick-size', '1e-2', 'Write a positive decimal number like 0.01.'],
    ['--lot-size', '0.00', 'Write a positive decimal number like 0.01.'],
    ['--price-width', '-5', 'Write a positive decimal number like 0.01.'],
    ['--format', 'fix', 'Allowed choices are bybit, bitmex, kraken, csv.'],
    ['--backend', 'cuda', 'Allowed choices are auto, cpu, webgpu.'],
    ['--time-unit', 'h', 'Allowed choices are s, ms, us, ns, iso.'],
    ['--contract', 'option', 'Allowed choices are linear, inverse.'],
    ['--columns', 'time=1,size=3', 'time, price and size are needed, as in time=1,price=2,size=3,side=4.'],
    ['--columns', 'time=1,price=2,size=3,buyer=4', 'Write it like time=1,price=2,size=3,side=4.'],
  ])('%s %s', async (option, value, message) => {
    expect(await refused([option, value])).toMatch(
      new RegExp(`^error: option '${option} <.*>' argument '${value}' is invalid\\. `),
    )
    expect(await refused([option, value])).toContain(` is invalid. ${message}\n`)
  })

  test.each([
    ['--tick-size', '1'],
    ['--lot-size', '1'],
    ['--price-width', '10'],
    ['--time-bin', '1h'],
    ['--kernel', 'time=1'],
    ['--contract', 'inverse'],
    ['--save-calibration', 'other.json'],
  ])('a calibration together with %s, which it fixes', async (option, value) => {
    expect(await refused(['--calibration', 'any.json', option, value])).toContain(
      `error: option '--calibration <file>' cannot be used with option '${option} <`,
    )
  })
})

/** A frame of this package's or Node's code; Dawn's own warning about a missing Vulkan names a C++ file. */
const STACK = /^ +at .*(\.js|\.ts|node:|<anonymous>)/m

describe.concurrent('bad data exits 1, names the file and leaves nothing behind', () => {
  beforeAll(async () => {
    const packed = gzipSync(csv(trades))
    await writeFile(at('cut.csv.gz'), packed.subarray(0, packed.length >> 1))
    await writeFile(at('bad.csv'), 'time,price,size\n1600000000,-1,2\n1600000001,x,2\n')
    await writeFile(at('empty.csv'), '')
    await writeFile(
      at('binary'),
      Uint8Array.from({ length: 5000 }, (_, i) => i * 7),
    )
    const later = trades.map(([time, ...rest]): Trade => [time - 3_600_000_000, ...rest])
    await writeFile(at('overlap.csv'), csv(later))
  })

  test.each<[string, string[], RegExp]>(
    // biome-ignore format: a table
    [
    ['a missing file', ['nowhere.csv'], /^voxrisk: nowhere\.csv: does not exist\n +Check the path\.\n$/],
    ['a directory', ['tmp'], /^voxrisk: tmp: a directory\n +Name a file in it\.\n$/],
    ['a truncated gzip', ['cut.csv.gz', ...COLUMNS], /^voxrisk: cut\.csv\.gz: breaks off after row [\d,]+: .+\n +The file is damaged or cut off: fetch it again\.\n$/],
    ['an empty file before a good one', ['empty.csv', 'trades.csv', ...COLUMNS], /^voxrisk: empty\.csv: holds no trades\n +Give a file with one trade a line\.\n$/],
    ['all rows bad', ['bad.csv'], /^voxrisk: bad\.csv: all 2 rows are rejected; row 1: price "-1" is negative\n +Check that the format and the columns are the right ones: .*\n$/],
    ['binary data', ['binary'], /^voxrisk: binary: holds binary data, not text\n +Give a text file with one trade a line\.\n$/],
    ['another format than the one asked for', ['trades.csv', '--format', 'kraken'], /^voxrisk: trades\.csv: is not in format kraken; the first line is "when,taker,px,qty"\n +Name the columns/],
    ['files out of order', ['trades.csv', 'overlap.csv', ...COLUMNS], /^voxrisk: overlap\.csv begins at .*Z, before trades\.csv ends at .*Z\n +Give the files in the order of time/],
  ],
  )('%s', async (_, parameters, message) => {
    const finished = await map([...parameters, ...CPU, '--save-calibration', 'unsaved.json'])
    expect(finished.stderr).toMatch(message)
    expect({ ...finished, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' })
    expect((await readdir(folder)).filter(name => name.startsWith('unsaved'))).toEqual([])
  })

  test('an older calibration is left as it was', async () => {
    await writeFile(at('older.json'), 'older')
    const { code } = await map(['cut.csv.gz', ...COLUMNS, ...CPU, '--save-calibration', 'older.json'])
    expect(code).toBe(1)
    expect(await readFile(at('older.json'), 'utf8')).toBe('older')
  })

  test('a calibration that cannot be written prints no report', async () => {
    const path = join('missing', 'calibration.json')
    const finished = await map(['trades.csv', ...COLUMNS, ...CPU, '--save-calibration', path])
    expect(finished.code).toBe(1)
    expect(finished.stdout).toBe('')
    expect(finished.stderr).toMatch(
      /^voxrisk: missing.calibration\.json: ENOENT.*\n +Name a file that can be written\.\n$/,
    )
  })

  test.each<[string, unknown, RegExp]>(
    // biome-ignore format: a table
    [
    ['cut off', '{"format": "voxrisk calibra', /damaged\.json: .*JSON.*\n +Make a new one with --save-calibration\.\n$/],
    ['of another format', { format: 'other' }, /damaged\.json: calibration: format is "other", not "voxrisk calibration 1"\n +Make a new one/],
  ],
  )('a calibration that is %s', async (_, content, message) => {
    const path = join(await mkdtemp(at('tmp/')), 'damaged.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    const finished = await map(['trades.csv', ...COLUMNS, ...CPU, '--calibration', path])
    expect(finished.stderr).toMatch(message)
    expect({ ...finished, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' })
  })

  test('a calibration that is not there', async () => {
    const finished = await map(['trades.csv', ...COLUMNS, ...CPU, '--calibration', 'nowhere.json'])
    expect(finished.code).toBe(1)
    expect(finished.stderr).toMatch(/^voxrisk: nowhere\.json: .*\n +Check the path of --calibration\.\n$/)
  })

  test('a calibration of another instrument, whose tick no price meets', async () => {
    const { calibration } = await report('trades.csv', ...COLUMNS, ...CPU)
    const foreign = { ...calibration, instrument: { ...calibration.instrument, tickSize: '7777.7' } }
    await writeFile(at('foreign.json'), JSON.stringify(foreign))
    const finished = await map(['trades.csv', ...COLUMNS, ...CPU, '--calibration', 'foreign.json'])
    expect(finished).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `voxrisk: none of ${TRADES} rows became a tick (off-tick-grid: ${TRADES})\n` +
        '         Check that --tick-size and --lot-size, or the calibration, fit this instrument.\n',
    })
  })
})

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

  test.runIf(process.platform === 'linux')('no adapter', async () => {
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
        '         Install a GPU driver with Vulkan, Metal or Direct3D 12, or use the cpu backend.\n',
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

describe('where the output goes', () => {
  test('a reader that has gone is no error', async () => {
    const child = spawn(process.execPath, [cliPath, 'map', 'trades.csv', ...COLUMNS, ...CPU, '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test.runIf(process.platform !== 'win32')('a pipe that closes after one line is no error', async () => {
    const command = `"${process.execPath}" "${cliPath}" map --backend cpu --json --time-bin 5m --top 1000; echo "exit $?" >&2`
    const child = spawn('sh', ['-c', `{ ${command}; } | head -n 1`], { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect({ stdout, stderr }).toEqual({ stdout: '{\n', stderr: 'exit 0\n' })
  })

  test('no control characters without a terminal', async () => {
    const { stdout, stderr } = await map(['trades.csv', ...COLUMNS, ...CPU])
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    const failed = await map(['cut.csv.gz', ...COLUMNS, ...CPU])
    expect(failed.stderr).not.toMatch(/[^\P{Cc}\n]/u)
  })

  test('progress on a terminal: one line drawn over, cleared at the end', () => {
    const screen = (isTTY: boolean) => {
      const written: string[] = []
      const out = { isTTY, write: (line: string) => written.push(line) } as unknown as NodeJS.WriteStream
      let clock = 5000
      const progress = new Progress(out, () => clock)
      progress.update('read', 1_000_000)
      clock += 50
      progress.update('read', 1_100_000) // too soon after the last to be drawn
      clock += 450
      progress.update('read', 1_250_000)
      progress.update('map', 10)
      progress.end()
      return written
    }
    const LINE = '\r\u001b[2K'
    expect(screen(true)).toEqual([
      `${LINE}reading  1,000,000 rows    0.0 s`,
      `${LINE}reading  1,250,000 rows  2,500,000 rows/s  0.5 s`,
      `${LINE}mapping  10 rows    0.5 s`,
      LINE,
    ])
    for (const line of screen(true)) expect(line.startsWith(LINE) && !line.includes('\n')).toBe(true)
    expect(screen(false)).toEqual([])
  })

  test('--help and --version go to stdout and exit 0', async () => {
    const help = await voxrisk(['map', '--help'])
    expect({ ...help, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' })
    for (const option of [
      'format',
      'symbol',
      'columns',
      'tick-size',
      'lot-size',
      'price-width',
      'time-bin',
      'lateness',
      'kernel',
      'top',
      'calibration',
      'save-calibration',
      'backend',
      'verify',
      'json',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ +--${option}\\b`, 'm'))
    }
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(await voxrisk(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})
