import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobWriter, TextReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js'
import { afterAll, expect } from 'vitest'
import type { MapReport } from '../../src/job/report.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { type Finished, voxrisk } from './cli.ts'

/** One trade as the sample gives it: µs, tenths of a dollar, thousandths of a coin. */
export type Trade = readonly [time: number, price: number, size: number, side: number]

/** The first trades of a thin sample day: 3000 are enough for a few dozen hotspots. */
export async function sampleTrades(count: number): Promise<Trade[]> {
  const trades: Trade[] = []
  for await (const chunk of sampleDay({ trades: 10_000 }).source.chunks()) {
    for (let i = 0; i < chunk.length; i++) {
      trades.push([chunk.time[i], chunk.price[i], chunk.size[i], chunk.side[i]])
    }
  }
  return trades.slice(0, count)
}

export const decimal = (units: number, decimals: number) => (units / 10 ** decimals).toFixed(decimals)

/** What `csv()` calls its columns. */
export const COLUMNS = ['--columns', 'time=when,price=px,size=qty,side=taker']

export function csv(rows: readonly Trade[]): string {
  const lines = rows.map(
    ([time, price, size, side]) =>
      `${time},${side > 0 ? 'buy' : 'sell'},${decimal(price, 1)},${decimal(size, 3)}\n`,
  )
  return `when,taker,px,qty\n${lines.join('')}`
}

/** As Bybit publishes a day: newest first, seconds with a fraction, more columns than needed. */
export function bybit(rows: readonly Trade[]): string {
  const lines = rows
    .map(
      ([time, price, size, side]) =>
        `${decimal(time, 6)},XYZUSD,${side > 0 ? 'Buy' : 'Sell'},${decimal(size, 3)},${decimal(price, 1)},PlusTick,id,1,1,1\n`,
    )
    .reverse()
  return `timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional\n${lines.join('')}`
}

export function kraken(rows: readonly Trade[]): string {
  return rows
    .map(([time, price, size]) => `${Math.floor(time / 1e6)},${decimal(price, 1)},${decimal(size, 3)}\n`)
    .join('')
}

export async function zip(members: Record<string, string>): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false })
  for (const [name, content] of Object.entries(members)) await writer.add(name, new TextReader(content))
  return new Uint8Array(await (await writer.close()).arrayBuffer())
}

/** A folder of files for the command line to work on. */
export interface Workplace {
  readonly folder: string
  /** Path of a file in it. */
  at(name: string): string
  /** Runs `voxrisk` in it, with a temporary folder of its own in which nothing may stay behind. */
  voxrisk(
    parameters: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ): Promise<Finished>
  remove(): Promise<void>
}

export async function workplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'voxrisk-cli-'))
  const at = (name: string) => join(folder, name)
  await mkdir(at('tmp'))
  return {
    folder,
    at,
    async voxrisk(parameters, env = {}) {
      const TMPDIR = await mkdtemp(at('tmp/'))
      const finished = await voxrisk(parameters, { cwd: folder, env: { TMPDIR, ...env } })
      expect(await readdir(TMPDIR)).toEqual([])
      return finished
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * A workplace with the first trades of the sample in `trades.csv`, for tests of `voxrisk map`. It is removed afterwards.
 */
export async function mapWorkplace(count: number) {
  const place = await workplace()
  afterAll(() => place.remove())
  const trades = await sampleTrades(count)
  await writeFile(place.at('trades.csv'), csv(trades))
  const map = (parameters: readonly string[], env: Record<string, string | undefined> = {}) =>
    place.voxrisk(['map', ...parameters], env)
  return {
    place,
    trades,
    at: (name: string) => place.at(name),
    /** Runs `voxrisk map`. */
    map,
    /** The report of a run that must succeed, with nothing but JSON on stdout and nothing on stderr. */
    async report(...parameters: string[]): Promise<MapReport> {
      const { code, stdout, stderr } = await map([...parameters, '--json'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout)
    },
  }
}
