import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { CommanderError } from 'commander'
import { beforeAll, describe, expect, test } from 'vitest'
import { mapCommand } from '../../src/cli/map.ts'
import { COLUMNS, csv, mapWorkplace, type Trade } from '../support/trade-files.ts'

/** Trades in the files below: the sample's first hours, enough for a few dozen hotspots. */
const TRADES = 3000

const CPU = ['--backend', 'cpu']

const { place, trades, at, map, report } = await mapWorkplace(TRADES)

describe.concurrent('wrong usage exits 2 and says what to do', () => {
  beforeAll(() =>
    writeFile(at('symbols.csv'), 'time,symbol,price,size\n1600000000,A,1,2\n1600000001,B,1,2\n'),
  )

  test.each<[string, string[], RegExp]>(
    // biome-ignore format: a table
    [
    ['an unknown option', ['map', '--tick', '1'], /unknown option '--tick'\n/],
    ['an unknown command', ['chart'], /^error: unknown command 'chart'\n\(voxrisk map FILE maps a file of trades; voxrisk --help lists the commands\)\n$/],
    ['a mistyped command', ['calibrat', 'trades.csv'], /^error: unknown command 'calibrat'\n\(Did you mean calibrate\?\)\n/],
    ['no command', [], /Usage: voxrisk .*\bmap \[options\] \[file\.\.\.\]/s],
    ['a command of files without one', ['calibrate'], /^error: missing required argument 'file'\n\(voxrisk calibrate --help lists the options\)\n$/],
    ['one report to compare', ['compare', 'a.json'], /^error: missing required argument 'b'\n/],
    ['two kinds of JSON', ['map', '--json', '--ndjson'], /option '--ndjson' cannot be used with option '--json'\n/],
    ['a count for a stream', ['map', '--top', '3', '--ndjson'], /option '--ndjson' cannot be used with option '--top <count>'\n/],
    ['a bad duration', ['map', '--time-bin', '15'], /'15' is invalid\. Write a duration like 15m, 30s or 1h\.\n/],
    ['a bad kernel', ['map', '--kernel', 'price=9'], /kernel radius price=9 is not .* 0 … 8\n +Give radii such as price 4, size 1, time 2 \(--kernel price=4,size=1,time=2\)\./],
    ['columns that are not there', ['map', 'trades.csv', '--columns', 'time=when,price=9,size=qty'], /trades\.csv: columns: price is column 9, but the first line has 4 columns\n +Name the columns .* \(--columns time=1,price=2,size=3,side=4\)\.\n/],
    ['columns for a format that fixes them', ['map', 'trades.csv', '--format', 'bybit', ...COLUMNS], /columns does not go with format bybit, only with csv, parquet, arrow\n +Leave it out, or name another format \(--columns .*, --format\)\./],
    ['options for reading without a file', ['map', '--symbol', 'BTCUSD'], /reading options are given, but no file\n +Name a file of trades\./],
    ['several symbols', ['map', 'symbols.csv'], /symbols\.csv: row 2: symbol B follows A: .*\n +Say which one to read, such as A or B \(--symbol\)\./],
    ['a symbol that is not there', ['map', 'symbols.csv', '--symbol', 'C'], /symbols\.csv: none of 2 rows is a trade of C\n +Ask for a symbol the file holds \(--symbol\)\./],
    ['a size resolution out of range', ['map', 'trades.csv', ...COLUMNS, ...CPU, '--size-resolution', '5'], /size resolution 5 is not in 0 … 4\n +Use 0 for one size bin per octave \(--size-resolution\)\./],
    ['a price width off the ticks', ['map', 'trades.csv', ...COLUMNS, ...CPU, '--price-width', '0.3'], /price width 0\.3 is not a whole number of ticks of 0\.5\n +Give a multiple of 0\.5 \(--price-width\)\./],
    // The calibration named is not even opened: what contradicts is seen first.
    ['a tick size beside a calibration', ['map', '--calibration', 'nowhere.json', '--tick-size', '1'], /option '--calibration <file>' cannot be used with option '--tick-size <decimal>'\n/],
  ],
  )('%s', async (_, parameters, message) => {
    const { code, stdout, stderr } = await place.voxrisk(parameters)
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
    [
      '--format',
      'fix',
      'Allowed choices are bybit, bitmex, binance, binance-stream, lean, kraken, bitstamp, hyperliquid, csv, parquet, arrow.',
    ],
    ['--backend', 'cuda', 'Allowed choices are auto, cpu, webgpu.'],
    ['--time-unit', 'h', 'Allowed choices are s, ms, us, ns, iso.'],
    ['--contract', 'option', 'Allowed choices are linear, inverse.'],
    [
      '--columns',
      'time=1,size=3',
      'Give at least time, price and size, as in time=1,price=2,size=3,side=4; also possible: symbol, buyer-is-maker, id, flag.',
    ],
    [
      '--columns',
      'time=1,price=2,size=3,buyer=4',
      'Write it like time=1,price=2,size=3,side=4; also possible: symbol, buyer-is-maker, id, flag.',
    ],
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
    ['--size-resolution', '0'],
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
    const whales = Array.from(
      { length: 3000 },
      (_, i) => `${1_600_000_000 + (i % 800)},${1 + (i % 2)},4000000000`,
    )
    await writeFile(at('whales.csv'), `time,price,size\n${whales.sort().join('\n')}\n`)
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
    ['an empty file before a good one', ['empty.csv', 'trades.csv', ...COLUMNS], /^voxrisk: empty\.csv: holds no trades\n +Give a file with one trade per line\.\n$/],
    ['all rows bad', ['bad.csv'], /^voxrisk: bad\.csv: all 2 rows are rejected; row 1: price "-1" is negative\n +Check that the format and the columns are the right ones \(--format, --columns .*\)\.\n$/],
    ['binary data', ['binary'], /^voxrisk: binary: holds binary data, not text\n +Give a text file with one trade per line, or a Parquet or Arrow file\.\n$/],
    ['another format than the one asked for', ['trades.csv', '--format', 'kraken'], /^voxrisk: trades\.csv: is not in format kraken; the first line is "when,taker,px,qty"\n +Name the format csv and its columns.* \(--format, --columns .*\)\.\n$/],
    ['volumes that exact sums cannot hold', ['whales.csv', '--lot-size', '1'], /^voxrisk: slab .*: volume .* passes 2\^53\n +Use a larger lot size, smaller kernel radii or shorter time bins \(--lot-size, --kernel .*, --time-bin\)\.\n$/],
    ['files that overlap', ['trades.csv', 'overlap.csv', ...COLUMNS], /^voxrisk: (overlap|trades)\.csv begins at .*Z, before (trades|overlap)\.csv ends at .*Z\n +Files that overlap in time cannot be joined/],
  ],
  )('%s', async (_, parameters, message) => {
    const finished = await map([...parameters, ...CPU, '--save-calibration', 'unsaved.json'])
    expect(finished.stderr).toMatch(message)
    expect({ ...finished, stderr: '' }).toEqual({ code: 1, stdout: '', stderr: '' })
    expect((await readdir(place.folder)).filter(name => name.startsWith('unsaved'))).toEqual([])
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
      /^voxrisk: missing.calibration\.json: its folder does not exist\n +Choose a file that can be written\.\n$/,
    )
  })

  test.each<[string, unknown, RegExp]>(
    // biome-ignore format: a table
    [
    ['cut off', '{"format": "voxrisk calibra', /damaged\.json: is not JSON: .*\n +Make a new one with voxrisk calibrate\.\n$/],
    ['of another format', { format: 'other' }, /damaged\.json: calibration: format is "other", not "voxrisk calibration 2"\n +Make a new one/],
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
    expect(finished.stderr).toMatch(/^voxrisk: nowhere\.json: does not exist\n +Check the path\.\n$/)
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
        `voxrisk: none of the ${TRADES} rows became a tick (off-tick-grid: ${TRADES})\n` +
        '         Check that tick size and lot size, or the calibration, fit this instrument ' +
        '(--tick-size, --lot-size, --calibration).\n',
    })
  })
})
