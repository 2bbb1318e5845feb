import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { tableFromIPC } from 'apache-arrow'
import { describe, expect, test } from 'vitest'
import { checkOutputs, writeOutputs } from '../../src/cli/outputs.ts'
import { Progress } from '../../src/cli/progress.ts'
import { rankHotspots } from '../../src/hotspots/rank.ts'
import type { MapReport } from '../../src/job/report.ts'
import type { Hotspot } from '../../src/layers/trades/facts.ts'
import { cliPath, projectRoot, run } from '../support/cli.ts'
import { needs, needsPosix } from '../support/needs.ts'
import { COLUMNS, csv, mapWorkplace } from '../support/trade-files.ts'

/** Trades in the files below: the sample's first hours, enough for a few dozen hotspots. */
const TRADES = 3000

const CPU = ['--backend', 'cpu']

const { place, trades, at, map } = await mapWorkplace(TRADES)

describe('files of hotspots', () => {
  test.each([[['--json', '--top', '7']], [['--ndjson']]])('%j beside tables and report', async print => {
    const files = ['--csv', 'table.csv', '--arrow', 'table.arrow', '--report', 'page.html']
    const { code, stdout, stderr } = await map(['trades.csv', ...COLUMNS, ...CPU, ...print, ...files])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const printed = stdout.trimEnd()
    const json = JSON.parse(print[0] === '--json' ? printed : printed.slice(printed.lastIndexOf('\n') + 1))
    const ranked = print[0] === '--json' ? 7 : 20
    expect(json.hotspotsFound).toBeGreaterThan(20)

    const lines = (await readFile(at('table.csv'), 'utf8')).trimEnd().split('\n')
    expect(lines).toHaveLength(1 + ranked)
    const heads = lines[0].split(',')
    const first = lines[1].split(',')
    const table = tableFromIPC(await readFile(at('table.arrow')))
    expect(table.numRows).toBe(ranked)
    expect([...table.schema.metadata.values()]).toContain(json.digest.hotspots)
    for (const name of ['rank', 'score', 'trades', 'voxel_time', 'voxel_price', 'voxel_size']) {
      expect(Number(table.getChild(name)!.get(0))).toBe(Number(first[heads.indexOf(name)]))
    }
    const page = await readFile(at('page.html'), 'utf8')
    const shown = JSON.parse(/<script[^>]* id="voxrisk-report">([^<]*)</.exec(page)![1])
    expect(shown.digest).toEqual(json.digest)
    expect(shown.hotspots).toHaveLength(ranked)
    expect(shown.hotspots[0].score).toBe(Number(first[heads.indexOf('score')]))
  })
})

describe('where the output goes', () => {
  test('a reader that has gone is no error', async () => {
    const child = spawn(process.execPath, [cliPath, 'map', 'trades.csv', ...COLUMNS, ...CPU, '--json'], {
      cwd: place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('a pipe that closes after one line is no error', needsPosix, async () => {
    const command = `"${process.execPath}" "${cliPath}" map --backend cpu --json --time-bin 5m --top 1000; echo "exit $?" >&2`
    const child = spawn('sh', ['-c', `{ ${command}; } | head -n 1`], { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect({ stdout, stderr }).toEqual({ stdout: '{\n', stderr: 'exit 0\n' })
  })

  test(
    'a full disk under stdout is named, without a stack',
    needs(existsSync('/dev/full'), 'no /dev/full here'),
    async () => {
      for (const kind of ['--json', '--ndjson']) {
        const command = `"${process.execPath}" "${cliPath}" map trades.csv ${COLUMNS.join(' ')} --backend cpu ${kind} > /dev/full`
        const { code, stderr } = await run('sh', ['-c', command], { cwd: place.folder })
        expect(stderr).toMatch(
          /^voxrisk: standard output: ENOSPC.*\n +Send it somewhere that can be written\.\n$/,
        )
        expect(code).toBe(1)
      }
    },
  )

  test('a file named where a command belongs is mapped', async () => {
    const named = await place.voxrisk(['trades.csv', ...COLUMNS, ...CPU, '--json'])
    const asked = await map(['trades.csv', ...COLUMNS, ...CPU, '--json'])
    expect({ code: named.code, stderr: named.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(named.stdout).digest).toEqual(JSON.parse(asked.stdout).digest)
  })

  test('no control characters without a terminal', async () => {
    const { stdout, stderr } = await map(['trades.csv', ...COLUMNS, ...CPU])
    expect(stderr).toBe('')
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    await writeFile(at('cut.csv.gz'), gzipSync(csv(trades)).subarray(0, 5000))
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
    const help = await place.voxrisk(['map', '--help'])
    expect({ ...help, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' })
    for (const option of [
      'format',
      'symbol',
      'columns',
      'tick-size',
      'lot-size',
      'price-width',
      'size-resolution',
      'time-bin',
      'lateness',
      'kernel',
      'top',
      'calibration',
      'save-calibration',
      'backend',
      'verify',
      'json',
      'ndjson',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^ +--${option}\\b`, 'm'))
    }
    for (const command of ['inspect', 'map', 'calibrate', 'compare']) {
      const { code, stdout } = await place.voxrisk([command, '--help'])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: voxrisk ${command} `))
      expect(stdout).toMatch(new RegExp(`^Examples:\n(  voxrisk .*\n)*  voxrisk ${command} `, 'm'))
      expect(stdout).toMatch(/^Exit status/m)
    }
    const overview = await place.voxrisk(['--help'])
    expect(overview.code).toBe(0)
    for (const command of ['inspect', 'map', 'calibrate', 'compare']) {
      expect(overview.stdout).toMatch(new RegExp(`^  ${command} .*  \\S`, 'm'))
    }
    expect(overview.stdout).toContain('  voxrisk map trades.csv.gz ')
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'))
    expect(await place.voxrisk(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })
})

describe.concurrent('files to write', () => {
  const SAVE = '--save-calibration'
  const refused = async (parameters: string[], status: number, message: RegExp) => {
    const { code, stdout, stderr } = await place.voxrisk(parameters)
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: status, stdout: '' })
  }
  const leftovers = async (name: string) =>
    (await readdir(place.folder)).filter(entry => entry.startsWith(`${name}.`))

  test('a file that is read is never written', async () => {
    await writeFile(at('precious.csv'), csv(trades))
    await symlink('precious.csv', at('link.csv'))
    const message =
      /^voxrisk: (--save-calibration|--out) .*csv: the file is also an input\n +Choose another file\.\n$/
    await refused(['map', 'precious.csv', ...COLUMNS, SAVE, 'precious.csv'], 2, message)
    await refused(['map', 'link.csv', ...COLUMNS, SAVE, 'precious.csv'], 2, message)
    await refused(['map', 'precious.csv', ...COLUMNS, SAVE, join('tmp', '..', 'link.csv')], 2, message)
    await refused(['calibrate', 'precious.csv', ...COLUMNS, '--out', 'precious.csv'], 2, message)
    expect(await readFile(at('precious.csv'), 'utf8')).toBe(csv(trades))
  })

  test('a folder, or a file in no folder, is refused before the work', async () => {
    const fix = '\\n +Choose a file that can be written\\.\\n$'
    for (const [path, problem] of [
      ['tmp', 'tmp: is a directory'],
      ['missing/a.json', 'missing/a\\.json: its folder does not exist'],
      ['trades.csv/a.json', 'trades\\.csv/a\\.json: its folder does not exist'],
    ]) {
      const message = new RegExp(`^voxrisk: ${problem}${fix}`)
      // The trades do not exist: nothing has looked for them yet.
      await refused(['map', 'nowhere.csv', SAVE, path], 1, message)
      await refused(['calibrate', 'nowhere.csv', '--out', path], 1, message)
    }
  })

  test('an output written through a link leaves the link', async () => {
    await mkdir(at('elsewhere'))
    await writeFile(at('elsewhere/real.json'), 'older')
    await symlink(join('elsewhere', 'real.json'), at('linked.json'))
    const { code } = await place.voxrisk([
      'calibrate',
      'trades.csv',
      ...COLUMNS,
      ...CPU,
      '--out',
      'linked.json',
    ])
    expect(code).toBe(0)
    expect((await lstat(at('linked.json'))).isSymbolicLink()).toBe(true)
    expect(JSON.parse(await readFile(at('elsewhere/real.json'), 'utf8')).format).toBe('voxrisk calibration 2')
    expect(await readdir(at('elsewhere'))).toEqual(['real.json'])
  })

  test('a device is written into, not replaced', needsPosix, async () => {
    const { code } = await map(['trades.csv', ...COLUMNS, ...CPU, SAVE, '/dev/null'])
    expect(code).toBe(0)
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
  })

  test('the same file for two outputs', async () => {
    const outputs = (...paths: string[]) =>
      paths.map((path, i) => ({ option: `--${'ab'[i]}`, path: at(path), content: () => '' }))
    await writeFile(at('there.json'), '')
    await symlink('there.json', at('too.json'))
    for (const paths of [
      ['new.json', 'new.json'],
      ['new.json', join('tmp', '..', 'new.json')],
      ['there.json', 'too.json'],
    ]) {
      await expect(checkOutputs(outputs(...paths), [])).rejects.toMatchObject({
        code: 'bad-setting',
        message: `--b ${at(paths[1])}: the file is also written by --a`,
      })
    }
    await checkOutputs(outputs('new.json', 'newer.json'), [at('there.json')])
  })

  test('of several, none is replaced unless all are written', async () => {
    await writeFile(at('first.txt'), 'older')
    const first = { option: '--a', path: at('first.txt'), content: () => 'newer' }
    const broken = {
      option: '--b',
      path: at('second.txt'),
      content: () => Promise.reject(new Error('no second')),
    }
    await expect(writeOutputs([first, broken], null)).rejects.toThrow('no second')
    expect(await readFile(at('first.txt'), 'utf8')).toBe('older')
    expect(await leftovers('first.txt')).toEqual([])
    await writeOutputs([first, { ...broken, content: async () => Uint8Array.of(1, 2) }], null)
    expect(await readFile(at('first.txt'), 'utf8')).toBe('newer')
    expect([...(await readFile(at('second.txt')))]).toEqual([1, 2])
    expect([...(await leftovers('first.txt')), ...(await leftovers('second.txt'))]).toEqual([])
  })
})

describe('--ndjson', () => {
  const NDJSON = ['trades.csv', ...COLUMNS, ...CPU, '--ndjson']

  test('streams every hotspot in the order of time, then the report without its list', async () => {
    const streamed = await map(NDJSON)
    expect({ code: streamed.code, stderr: streamed.stderr }).toEqual({ code: 0, stderr: '' })
    const asked = await map(['trades.csv', ...COLUMNS, ...CPU, '--json', '--top', '100000'])
    const { hotspots, ...report } = JSON.parse(asked.stdout) as MapReport
    const lines = streamed.stdout.split('\n')
    expect(lines.pop()).toBe('')
    const { type, ...last } = JSON.parse(lines.pop()!)
    expect(type).toBe('report')
    expect({ ...last, timings: {} }).toEqual({ ...report, timings: {} })

    const found = lines.map(line => JSON.parse(line))
    expect(found.length).toBe(report.hotspotsFound)
    expect(found.length).toBeGreaterThan(20)
    for (const [i, { voxel }] of found.entries()) {
      expect(voxel.time).toBeGreaterThanOrEqual(found[Math.max(i - 1, 0)].voxel.time)
    }
    const ranked = rankHotspots(found).map(({ type, ...hotspot }: Hotspot & { type?: string }, i) => {
      expect(type).toBe('hotspot')
      return { rank: i + 1, ...hotspot }
    })
    expect(ranked).toEqual(hotspots)
  })

  test('the sample says nothing beside it, and files are written before the last line', async () => {
    const { code, stdout, stderr } = await map(['--ndjson', ...CPU, '--save-calibration', 'stream.json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { calibration } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
    expect(JSON.parse(await readFile(at('stream.json'), 'utf8'))).toEqual(calibration)
  })

  test('a reader that leaves ends the work, quietly and with nothing written', async () => {
    const save = ['--time-bin', '1m', '--save-calibration', 'left.json']
    const child = spawn(process.execPath, [cliPath, 'map', ...NDJSON, ...save], {
      cwd: place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.destroy()
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect((await readdir(place.folder)).filter(name => name.startsWith('left'))).toEqual([])
  })

  test('a pipe that closes after two lines is no error', needsPosix, async () => {
    const command = `"${process.execPath}" "${cliPath}" map --backend cpu --ndjson --time-bin 1m; echo "exit $?" >&2`
    const { stdout, stderr } = await run('sh', ['-c', `{ ${command}; } | head -n 2`])
    expect(stderr).toBe('exit 0\n')
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line).type),
    ).toEqual(['hotspot', 'hotspot'])
  })
})
