import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TickConverter } from '../../src/events/convert.ts'
import type { TradeSource } from '../../src/events/trades.ts'
import { Measure } from '../../src/job/measure.ts'
import { tradeKernel } from '../../src/layers/trades/grid.ts'
import { fileFromBlob } from '../../src/read/file.ts'
import { openTrades } from '../../src/read/source.ts'
import { needsPosix } from '../support/needs.ts'

const file = (text: string) => fileFromBlob(new Blob([text]), 'trades.csv')
const COLUMNS = { time: 1, price: 2, size: 3 }

async function times(source: TradeSource): Promise<number[]> {
  const found: number[] = []
  for await (const chunk of source.chunks()) found.push(...chunk.time.slice(0, chunk.length))
  return found
}

describe('a first line', () => {
  test.each(['1.2e-05', '.5', '+5', '12'])('with price %s is a trade, not a header', async price => {
    const source = await openTrades(file(`1633046554,${price},10\n1633046555,1.5,10\n`), { columns: COLUMNS })
    expect(await times(source)).toHaveLength(2)
    expect(source.account).toEqual({ read: 2, rejected: {}, outside: {}, noted: {} })
  })

  test('with a bad price is counted, not swallowed', async () => {
    const source = await openTrades(file('1633046554,NaN,10\n1633046555,1.5,10\n'), { columns: COLUMNS })
    expect(await times(source)).toHaveLength(1)
    expect(source.account).toEqual({ read: 2, rejected: { 'bad-price': 1 }, outside: {}, noted: {} })
  })

  test('that names columns is a header', async () => {
    const source = await openTrades(file('t,p,s\n1633046554,1.5,10\n'), { columns: COLUMNS })
    expect(await times(source)).toHaveLength(1)
    expect(source.account.read).toBe(1)
  })
})

describe('no trades', () => {
  test.each([
    'timestamp,local_timestamp,is_snapshot,side,price,amount\n1585699200245000,1585699200245001,true,bid,6425.5,73\n',
    'timestamp,price,volume,market_cap\n1633046554,1.5,10,100\n',
    'time,open,high,low,close,price,volume\n1633046554,1,2,1,2,1.5,10\n',
    '100000001,101.5,1633046554\n100000002,101.5,1633046555\n',
  ])('are read from %j', async text => {
    await expect(openTrades(file(text))).rejects.toMatchObject({ code: 'bad-data' })
  })
})

test('a newest-first file is turned round, also when its first chunk is a single row', async () => {
  // Sizes of 9 and of 17 digits share no 2^53 at one scale, so the reader closes a chunk after the first row.
  const rows = ['60,0.00001,123456789', '59,0.00001,5.12345678', '58,0.00001,6.12345678', '57,0.00001,7.5']
  const text = rows.map(row => `16330465${row}\n`).join('')
  const found = await times(await openTrades([file(text)], { columns: COLUMNS }))
  expect(found).toEqual([57, 58, 59, 60].map(second => 1_633_046_500e6 + second * 1e6))
})

test('sizes with the noise of binary fractions get the finest lot that fits', async () => {
  const source = await openTrades(file('1633046554,1.5,0.07200000000000001\n1633046555,1.5,1.5\n'), {
    columns: COLUMNS,
  })
  const measure = new Measure({ contract: 'linear', timeWidth: 1e6 }, tradeKernel())
  const chunks = []
  for await (const chunk of source.chunks()) {
    measure.add(chunk)
    chunks.push(chunk)
  }
  const instrument = measure.instrument('X')
  expect(instrument.lotSize).toBe('0.000000001') // 1.5 is 1.5 · 10^9 lots, a tenth of it would pass 2^32
  const converter = new TickConverter(instrument)
  const sizes = chunks.flatMap(chunk => {
    const { size, length } = converter.convert(chunk)
    return [...size.slice(0, length)]
  })
  expect(sizes).toEqual([72_000_000, 1_500_000_000])
})

test('a pipe without a writer is refused, not waited for', needsPosix, () => {
  const folder = mkdtempSync(join(tmpdir(), 'voxrisk-pipe-'))
  try {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const { status, stderr } = spawnSync('node', ['dist/cli.js', 'map', pipe, '--backend', 'cpu'], {
      timeout: 120_000, // far more than an immediate refusal takes
      encoding: 'utf8',
    })
    expect(stderr).toContain('not a regular file')
    expect(status).toBe(1)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
