import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TradeChunk } from '../../src/events/trades.ts'
import { fileSpool } from '../../src/node/spool.ts'
import { oldestFirst, runsNewestFirst } from '../../src/read/order.ts'
import { memorySpool, reverseChunk, type Spool } from '../../src/read/spool.ts'
import { needsPosix } from '../support/needs.ts'
import { runs } from '../support/runs.ts'

function chunkOf(times: readonly number[], decimals = 2, spare = 0): TradeChunk {
  const column = (value: (i: number) => number) =>
    Array.from({ length: times.length + spare }, (_, i) => value(i))
  return {
    length: times.length,
    time: Float64Array.from(column(i => times[i] ?? -1)),
    price: Float64Array.from(column(i => 2 ** 53 - 1 - i)),
    size: Float64Array.from(column(i => 3 * i + 1)),
    side: Int8Array.from(column(i => (i % 3) - 1)),
    flags: Uint8Array.from(column(i => i % 4)),
    priceDecimals: decimals,
    sizeDecimals: decimals + 1,
  }
}

/** Trades as one plain row each, so that spare room at a column's end does not matter. */
function rowsOf(chunk: TradeChunk): number[][] {
  const { time, price, size, side, flags, priceDecimals, sizeDecimals } = chunk
  return Array.from({ length: chunk.length }, (_, i) => [
    time[i],
    price[i],
    size[i],
    side[i],
    flags[i],
    priceDecimals,
    sizeDecimals,
  ])
}

async function all(chunks: AsyncIterable<TradeChunk>): Promise<number[][]> {
  const rows: number[][] = []
  for await (const chunk of chunks) rows.push(...rowsOf(chunk))
  return rows
}

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'voxrisk-test-'))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

describe.each<[string, () => Spool | Promise<Spool>]>([
  ['memory', memorySpool],
  ['file', () => fileSpool(directory)],
])('a spool in %s', (_, make) => {
  test('returns the written columns, in both directions, any number of times', async () => {
    const times = fc.array(fc.nat(2 ** 31), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(times, fc.nat(8), fc.nat(3)), { maxLength: 6 }), async parts => {
        const chunks = parts.map(([times, decimals, spare]) => chunkOf(times, decimals, spare))
        const rows = chunks.flatMap(rowsOf)
        const spool = await make()
        for (const chunk of chunks) await spool.write(chunk)
        expect(spool.rows).toBe(rows.length)
        expect(await all(spool.chunks())).toEqual(rows)
        expect(await all(spool.chunksReversed())).toEqual(rows.slice().reverse())
        expect(await all(spool.chunks())).toEqual(rows)
        await spool.destroy()
      }),
      { numRuns: runs(50) },
    )
  })

  test('columns that are views into a larger buffer', async () => {
    const whole = chunkOf([1, 2, 3, 4])
    const part: TradeChunk = {
      ...whole,
      length: 2,
      time: whole.time.subarray(1),
      price: whole.price.subarray(1),
      size: whole.size.subarray(1),
      side: whole.side.subarray(1),
      flags: whole.flags.subarray(1),
    }
    const spool = await make()
    await spool.write(part)
    expect(await all(spool.chunks())).toEqual(rowsOf(whole).slice(1, 3))
    await spool.destroy()
  })

  test('is unusable once destroyed, and may be destroyed twice', async () => {
    const spool = await make()
    await spool.write(chunkOf([1]))
    const begun = spool.chunks()[Symbol.asyncIterator]()
    await begun.next()
    await spool.destroy()
    await spool.destroy()
    const destroyed = expect.objectContaining({ code: 'bad-state', message: 'the spool has been destroyed' })
    await expect(spool.write(chunkOf([1]))).rejects.toThrow(destroyed)
    await expect(all(spool.chunks())).rejects.toThrow(destroyed)
    await expect(all(spool.chunksReversed())).rejects.toThrow(destroyed)
    await expect(begun.next()).rejects.toThrow(destroyed)
    expect(await readdir(directory)).toEqual([])
  })
})

describe('the file of a spool', () => {
  test('has no name even while it is used', needsPosix, async () => {
    const spool = await fileSpool(directory)
    await spool.write(chunkOf([1, 2]))
    expect(await readdir(directory)).toEqual([])
    await spool.destroy()
  })

  test('cannot be made where there is no directory', async () => {
    await expect(fileSpool(join(directory, 'none'))).rejects.toThrow(
      expect.objectContaining({
        code: 'io',
        message: expect.stringMatching(/cannot be written in .*none: ENOENT/),
        fix: expect.stringMatching(/TMPDIR.*26 bytes per trade/),
      }),
    )
  })

  test('a full disk is reported plainly', needsPosix, async () => {
    const script = `
      import { fileSpool } from './src/node/spool.ts'
      const n = 65536
      const chunk = { length: n, time: new Float64Array(n), price: new Float64Array(n), size: new Float64Array(n),
        side: new Int8Array(n), flags: new Uint8Array(n), priceDecimals: 0, sizeDecimals: 0 }
      const spool = await fileSpool(${JSON.stringify(directory)})
      await spool.write(chunk).catch(error => process.stdout.write(JSON.stringify({ ...error, message: error.message })))
      await spool.destroy()`
    const path = join(directory, 'full.mts')
    await writeFile(path, script.replace('./src', join(process.cwd(), 'src')))
    // ulimit counts blocks of 512 or 1024 bytes: at most 100 KiB of the chunk's 1.7 MB fit.
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      `ulimit -f 100; exec node --import tsx ${path}`,
    ])
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'io',
      message: `no room left in ${directory} for the temporary file of trades`,
      fix: 'Point TMPDIR at a directory with room: 26 bytes per trade are needed.',
    })
  })
})

describe('order', () => {
  test.each<[readonly number[], boolean]>([
    [[], false],
    [[5], false],
    [[5, 5, 5], false],
    [[5, 6], false],
    [[6, 5], true],
    [[6, 6, 5, 5, 4], true],
    [[6, 5, 6], false],
    [[5, 6, 4, 3, 2, 1], false],
  ])('%j newest first: %s', (times, expected) => {
    expect(runsNewestFirst(chunkOf(times, 2, 3))).toBe(expected)
  })

  test('reversing leaves the chunk itself alone and drops spare room', () => {
    const chunk = chunkOf([3, 2, 2, 1], 2, 5)
    const before = rowsOf(chunk)
    expect(rowsOf(reverseChunk(chunk))).toEqual(before.slice().reverse())
    expect(rowsOf(chunk)).toEqual(before)
    expect(reverseChunk(chunk).time).toHaveLength(4)
  })

  async function* feed(...parts: number[][]) {
    for (const times of parts) yield chunkOf(times)
  }
  const times = async (chunks: AsyncIterable<TradeChunk>) => (await all(chunks)).map(row => row[0])

  test('newest first is turned round, oldest first passes without a spool', async () => {
    let spools = 0
    const make = () => {
      spools++
      return fileSpool(directory)
    }
    expect(await times(oldestFirst(feed([6, 5], [4, 4, 3]), make))).toEqual([3, 4, 4, 5, 6])
    expect(spools).toBe(1)
    expect(await times(oldestFirst(feed([1, 2], [2, 1]), make))).toEqual([1, 2, 2, 1])
    expect(spools).toBe(1)
    expect(await times(oldestFirst(feed(), make))).toEqual([])
  })

  test('the spool is destroyed when the iteration is left', async () => {
    const spool = memorySpool()
    for await (const _ of oldestFirst(feed([6, 5], [4]), () => spool)) break
    await expect(spool.write(chunkOf([1]))).rejects.toThrow('destroyed')
  })
})
