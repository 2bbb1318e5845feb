import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { Backend } from '../../src/engine/steps.ts'
import { VoxriskError } from '../../src/errors.ts'
import { type ReadAccount, sliceTrades, type TradeChunk, type TradeSource } from '../../src/events/trades.ts'
import { calibrateTrades } from '../../src/job/calibrate-trades.ts'
import { mapTrades } from '../../src/job/map-trades.ts'
import type { MapReport } from '../../src/job/report.ts'
import { MapRun } from '../../src/job/session/map-run.ts'
import { Session, type SessionOptions, type SessionProgress } from '../../src/job/session/session.ts'
import { suitingTimeWidth } from '../../src/job/session/suiting-time-width.ts'
import { TradeStore } from '../../src/job/session/trade-store.ts'
import { hotspotsToCsv } from '../../src/job/tables.ts'
import { fileFromBlob } from '../../src/read/file.ts'
import { openTrades } from '../../src/read/source.ts'
import { sampleDay } from '../../src/sample/sample-day.ts'
import { totalOf } from '../../src/units/counts.ts'

const HOUR = 3600e6
const TRADES = 20_000
const sample = () => sampleDay({ trades: TRADES }).source
const SETTINGS = { timeWidth: HOUR / 4 }
const ABORTED = expect.objectContaining({ name: 'AbortError' })
const refused = (code: string) => expect.objectContaining({ code })

let opened: Session | undefined
afterEach(() => opened?.destroy())

function sessionOn(options: Partial<SessionOptions> = {}) {
  const runs: (MapRun | null)[] = []
  const stages: string[] = []
  const session = new Session({
    backend: cpuBackend(),
    onProgress: progress => progress && stages.at(-1) !== progress.stage && stages.push(progress.stage),
    onRun: run => runs.push(run),
    ...options,
  })
  opened = session
  return { session, runs, stages }
}

const reference = () => mapTrades(sample(), { backend: cpuBackend(), timeWidth: HOUR / 4, top: 10_000 })
const untimed = (report: MapReport) => ({ ...report, timings: null })
const closes = ({ rows }: MapReport) =>
  expect(rows.binned + totalOf(rows.outside) + totalOf(rows.rejected)).toBe(rows.read)

/** A source whose chunks a test gives one by one. */
function liveSource() {
  const queue: TradeChunk[] = []
  let wake = () => {}
  let isOver = false
  let left = false
  const account: ReadAccount = { read: 0, rejected: {}, outside: {}, noted: {} }
  const source: TradeSource = {
    format: 'live',
    symbol: 'SAMPLE-PERP',
    account,
    async *chunks() {
      try {
        while (!isOver || queue.length > 0) {
          const chunk = queue.shift()
          if (chunk) yield chunk
          else
            await new Promise<void>(resolve => {
              wake = resolve
            })
        }
      } finally {
        left = true
      }
    },
  }
  return {
    source,
    account,
    wasLeft: () => left,
    give(chunk: TradeChunk) {
      queue.push(chunk)
      wake()
    },
    end() {
      isOver = true
      wake()
    },
  }
}

async function sampleParts(parts: number): Promise<TradeChunk[]> {
  const pieces: TradeChunk[] = []
  for await (const chunk of sample().chunks()) {
    const size = Math.ceil(chunk.length / parts)
    for (let from = 0; from < chunk.length; from += size) pieces.push(sliceTrades(chunk, from, from + size))
  }
  return pieces
}

const learnt = () => calibrateTrades(sample(), { backend: cpuBackend(), timeWidth: HOUR / 4 })

describe('a source that is opened', () => {
  test('becomes the map that one pass makes', async () => {
    const { session, runs, stages } = sessionOn()
    await session.open(sample, SETTINGS)
    const expected = await reference()
    const report = await session.report()
    expect(expected.hotspots.length).toBeGreaterThan(10)
    expect(hotspotsToCsv(report)).toBe(hotspotsToCsv(expected))
    expect(untimed(report)).toEqual(untimed(expected))
    expect(runs).toEqual([session.run])
    expect(session.run).toMatchObject({ ended: true, found: expected.hotspotsFound })
    expect(session.run!.rows).toEqual({
      read: expected.rows.read,
      binned: expected.rows.binned,
      outside: 0,
      rejected: 0,
    })
    expect(stages).toEqual(['read', 'measure', 'calibrate', 'map'])
    expect(session.settings).toEqual({ timeWidth: HOUR / 4, priceWidth: null, lateness: 1 })
  })

  test('has every refused row in its account, but not before the end', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `${1_600_000_000 + 60 * i},100.${i % 10},1.5`)
    rows.splice(50, 0, '1600003000,none,1.5', '1600003000,100.1,0')
    const blob = new Blob([`${rows.join('\n')}\n`])
    const open = () => openTrades(fileFromBlob(blob, 'XBTUSD.csv'))
    const { session } = sessionOn()
    await session.open(open, SETTINGS)
    const whole = await session.report()
    closes(whole)
    expect(whole.rows.read).toBe(402)
    expect(totalOf(whole.rows.rejected)).toBe(2)
    expect(session.run!.rows).toEqual({ read: 402, binned: 400, outside: 0, rejected: 2 })
    await session.seek(session.trades!.last - HOUR)
    closes(await session.report())
    expect(session.run!.rows.rejected).toBe(0)
  })

  test('keeps as many hotspots, slabs and details as asked for', async () => {
    const { session } = sessionOn({ keepSlabs: 4, details: true, mostHotspots: 3 })
    await session.open(sample, SETTINGS)
    const expected = await reference()
    const { hotspots, hotspotsFound } = await session.report()
    expect(hotspots).toEqual(expected.hotspots.slice(0, 3))
    expect(hotspotsFound).toBe(expected.hotspotsFound)
    const slabs = new Set(session.run!.map.keptPages.map(({ slab }) => slab))
    expect(slabs.size).toBe(4)
    const [page] = await session.run!.map.readPages()
    expect(page.detail).not.toBeNull()
  })

  test('reports hotspots as they become final', async () => {
    let told = 0
    const { session } = sessionOn({
      onHotspots: hotspots => {
        told += hotspots.length
        expect(session.run!.found).toBe(told)
      },
    })
    await session.open(sample, SETTINGS)
    expect(told).toBe(session.run!.found)
    expect(told).toBeGreaterThan(10)
  })

  test('is refused when it holds more trades than may be kept', async () => {
    const { session, runs } = sessionOn({ mostTrades: 15_000 })
    await expect(session.open(sample)).rejects.toThrow(
      expect.objectContaining({ code: 'out-of-memory', settings: ['mostTrades'] }),
    )
    expect(runs).toEqual([])
    expect(session.run).toBeNull()
    const all = await TradeStore.read(sample())
    await expect(TradeStore.read(sample(), { most: all.trades })).resolves.toMatchObject({
      trades: all.trades,
    })
    await expect(TradeStore.read(sample(), { most: all.trades - 1 })).rejects.toThrow(
      refused('out-of-memory'),
    )
  })

  test('without a trade is refused', async () => {
    const empty: TradeSource = { ...sample(), async *chunks() {} }
    await expect(sessionOn().session.open(empty)).rejects.toThrow(refused('bad-data'))
  })
})

describe('back and forth in time', () => {
  test('gives the same map in the end', async () => {
    const { session, runs } = sessionOn()
    await session.open(sample, SETTINGS)
    const whole = session.run!
    const { first, last } = session.trades!
    const expected = await reference()
    const noon = first + 12 * HOUR
    await session.seek(noon)
    const half = session.run!
    expect(half).not.toBe(whole)
    expect(session.position).toBe(noon)
    expect(half.latest).toBeLessThanOrEqual(noon)
    expect(half.hotspots.length).toBeGreaterThan(0)
    expect(half.hotspots.length).toBeLessThan(expected.hotspotsFound)
    const report = await session.report()
    closes(report)
    expect(report.rows.read).toBe(half.rows.read)
    expect(report.rows.read).toBeLessThan(TRADES)
    expect(report.warnings[0]).toMatch(
      /^covers the trades up to 2024-03-05T11:\S+ only; the last one is at 2024-03-05T23:/,
    )
    // Small steps, as a player takes them.
    for (let time = noon; time <= last; time += HOUR / 7) await session.seek(time)
    await session.seek(last)
    expect(session.run).toBe(half)
    expect(untimed(await session.report())).toEqual(untimed(expected))
    expect(runs).toEqual([whole, half])
  })

  test('before the first trade there is a map without one', async () => {
    const { session } = sessionOn()
    await session.open(sample, SETTINGS)
    await session.seek(0)
    const report = await session.report()
    expect(report.rows.read).toBe(0)
    expect(report.warnings[0]).toBe('there are no trades yet')
  })

  test('another grid learns anew and stays at the time', async () => {
    const { session } = sessionOn()
    await session.open(sample, SETTINGS)
    const trades = session.trades!
    await session.seek(trades.first + 6 * HOUR)
    await session.change({ timeWidth: HOUR, priceWidth: '50' })
    expect(session.position).toBe(trades.first + 6 * HOUR)
    expect(session.trades).toBe(trades)
    expect(session.run!.calibration.grid).toMatchObject({ timeWidth: HOUR, priceWidth: 100 })
    await session.change({ lateness: 2 })
    expect(session.settings).toEqual({ timeWidth: HOUR, priceWidth: '50', lateness: 2 })
    expect((await session.report()).lateness).toBe(2)
  })

  test('a cancelled step leaves the map where it is, and the next one continues from there', async () => {
    let onTrades = (_: SessionProgress) => {}
    const { session } = sessionOn({ onProgress: progress => progress && onTrades(progress) })
    await session.open(sample, SETTINGS)
    const { first, last } = session.trades!
    await session.seek(first + HOUR)
    const early = session.run!
    const { read } = early.rows
    onTrades = () => session.cancel()
    await expect(session.seek(last)).rejects.toThrow(ABORTED)
    onTrades = () => {}
    expect(session.run).toBe(early)
    expect(early.rows.read).toBeGreaterThan(read)
    expect(early.ended).toBe(false)
    expect(session.position).toBeGreaterThan(first + HOUR)
    closes(await session.report())
    await session.seek(first + HOUR)
    expect(session.run).not.toBe(early)
    expect(session.run!.rows.read).toBe(read)
    await session.seek(last)
    expect((await session.report()).digest).toEqual((await reference()).digest)
  })
})

test('a failed or cancelled job leaves the shown map alone', async () => {
  const { session, runs } = sessionOn()
  await session.open(sample, SETTINGS)
  const broken: TradeSource = {
    ...sample(),
    async *chunks() {
      yield* sample().chunks()
      throw new Error('breaks off')
    },
  }
  await expect(session.open(broken)).rejects.toThrow('breaks off')
  await expect(session.open(() => Promise.reject(new Error('no such file')))).rejects.toThrow('no such file')
  await expect(session.change({ priceWidth: '0.3' })).rejects.toThrow('price width 0.3')
  const calledOff = session.open(sample, { timeWidth: HOUR })
  session.cancel()
  await expect(calledOff).rejects.toThrow(ABORTED)
  const overtaken = session.open(sample, { timeWidth: HOUR })
  const last = session.change({ timeWidth: HOUR / 2 })
  await expect(overtaken).rejects.toThrow(ABORTED)
  await last
  expect(runs.map(run => run!.calibration.grid.timeWidth)).toEqual([HOUR / 4, HOUR / 2])
  expect(session.settings.timeWidth).toBe(HOUR / 2)
})

test('the first map is shown while it grows, and withdrawn if the job fails', async () => {
  let onTrades = (_: SessionProgress) => {}
  const { session, runs } = sessionOn({ onProgress: progress => progress && onTrades(progress) })
  onTrades = ({ stage }) => {
    if (stage !== 'map') return
    expect(session.run).not.toBeNull()
    throw new Error('cannot be drawn')
  }
  await expect(session.open(sample, SETTINGS)).rejects.toThrow('cannot be drawn')
  expect(runs).toEqual([expect.any(MapRun), null])
  expect(session.run).toBeNull()
  await expect(session.report()).rejects.toThrow(refused('bad-state'))
})

describe('the first map, while it grows,', () => {
  /** A session that does something as soon as its first map holds trades. */
  function growing(act: (session: Session) => void) {
    let isDone = false
    const made = sessionOn({
      onProgress: progress => {
        if (progress?.stage !== 'map' || isDone) return
        isDone = true
        act(made.session)
      },
    })
    return made
  }

  test('stays when it is called off, and can be moved on', async () => {
    const { session, runs } = growing(it => it.cancel())
    await expect(session.open(sample, SETTINGS)).rejects.toThrow(ABORTED)
    expect(runs).toEqual([session.run])
    const { read } = session.run!.rows
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(TRADES)
    expect(session.position).toBe(session.run!.latest)
    closes(await session.report())
    await session.seek(session.trades!.last)
    expect(runs).toEqual([session.run])
    expect(untimed(await session.report())).toEqual(untimed(await reference()))
  })

  test('moves to a time without being read again', async () => {
    let seeking: Promise<void> | undefined
    const { session, runs } = growing(it => {
      seeking = it.seek(it.trades!.first + HOUR)
    })
    await expect(session.open(sample, SETTINGS)).rejects.toThrow(ABORTED)
    await seeking
    expect(runs.at(-1)).toBe(session.run)
    expect(session.position).toBe(session.trades!.first + HOUR)
    await session.seek(session.trades!.last)
    expect(untimed(await session.report())).toEqual(untimed(await reference()))
  })

  test('changes its settings, and stays at the time it has come to', async () => {
    let changing: Promise<void> | undefined
    const { session, runs } = growing(it => {
      changing = it.change({ timeWidth: HOUR })
    })
    await expect(session.open(sample, SETTINGS)).rejects.toThrow(ABORTED)
    await changing
    expect(runs.map(run => run!.calibration.grid.timeWidth)).toEqual([HOUR / 4, HOUR])
    expect(session.position).toBe(session.run!.latest)
    expect(session.run!.rows.read).toBeLessThan(TRADES)
  })

  test('goes when its session is destroyed', async () => {
    const { session, runs } = growing(it => it.destroy())
    await expect(session.open(sample, SETTINGS)).rejects.toThrow(ABORTED)
    expect(session.run).toBeNull()
    await expect(runs[0]!.map.readPages()).rejects.toThrow(refused('bad-state'))
  })
})

test('without a map there is no time to move to and nothing to change, and an opening goes on', async () => {
  const { session } = sessionOn()
  await expect(session.seek(0)).rejects.toThrow(refused('bad-state'))
  await expect(session.change({ lateness: 2 })).rejects.toThrow(refused('bad-state'))
  const opening = session.open(sample, SETTINGS)
  await expect(session.seek(0)).rejects.toThrow(refused('bad-state'))
  await expect(session.change({ lateness: 2 })).rejects.toThrow(refused('bad-state'))
  await opening
  expect(session.run!.ended).toBe(true)
})

test('a session that is destroyed ends its job and its map', async () => {
  const { session } = sessionOn()
  await session.open(sample, SETTINGS)
  const { map } = session.run!
  const going = session.seek(session.trades!.first + HOUR)
  session.destroy()
  await expect(going).rejects.toThrow(ABORTED)
  await session.settled()
  expect(session.run).toBeNull()
  await expect(map.readPages()).rejects.toThrow(refused('bad-state'))
  session.destroy()
})

/** A source that counts how often it is asked for trades, and says when it is asked and when it is released. */
function watchedSource(trades: readonly TradeChunk[] = []) {
  const log: string[] = []
  let [onAsked, onReleased] = [() => {}, () => {}]
  const asked = new Promise<void>(resolve => {
    onAsked = resolve
  })
  const released = new Promise<void>(resolve => {
    onReleased = resolve
  })
  const rest = [...trades]
  const source: TradeSource = {
    ...liveSource().source,
    chunks: () => {
      const iterator: AsyncIterableIterator<TradeChunk> = {
        [Symbol.asyncIterator]: () => iterator,
        next() {
          log.push('asked')
          onAsked()
          const value = rest.shift()
          return value ? Promise.resolve({ value }) : new Promise(() => {})
        },
        async return() {
          await nextTurn()
          log.push('released')
          onReleased()
          return { value: undefined, done: true }
        },
      }
      return iterator
    },
  }
  return { source, log, asked, released }
}

describe('a source that is silent', () => {
  test('does not keep a session from calling off its opening', async () => {
    const { session } = sessionOn()
    const { source, asked, released } = watchedSource()
    const job = session.open(source)
    await asked
    session.cancel()
    await expect(job).rejects.toThrow(ABORTED)
    await released
    await session.open(sample, SETTINGS)
    expect(session.run).not.toBeNull()
  })

  test('is told while it opens, and is released if it opens nevertheless', async () => {
    const { session } = sessionOn()
    const { source, log, released } = watchedSource()
    let toOpener = (_: AbortSignal) => {}
    const called = new Promise<AbortSignal>(resolve => {
      toOpener = resolve
    })
    let open = (_: TradeSource) => {}
    const job = session.open(signal => {
      toOpener(signal)
      return new Promise(resolve => {
        open = resolve
      })
    })
    const signal = await called
    session.cancel()
    await expect(job).rejects.toThrow(ABORTED)
    expect(signal.aborted).toBe(true)
    open(source)
    await released
    expect(log).toEqual(['released'])
  })
})

describe('a live map', () => {
  test('has the bin widths of its calibration', async () => {
    const calibration = await learnt()
    const { session } = sessionOn()
    const live = liveSource()
    live.end()
    await session.follow(live.source, { calibration, lateness: 3 })
    const { timeWidth, priceWidth } = calibration.grid
    const width = String(Number(calibration.instrument.tickSize) * priceWidth)
    expect(session.settings).toEqual({ timeWidth, priceWidth: width, lateness: 3 })
  })

  test('is taken back when it fails', async () => {
    const calibration = await learnt()
    const backend = cpuBackend()
    const failing: Backend = {
      ...backend,
      async open(shape) {
        const steps = await backend.open(shape)
        steps.retire = () => Promise.reject(new VoxriskError('device-lost', 'it is gone', 'Start again.'))
        return steps
      },
    }
    const { session, runs } = sessionOn({ backend: failing })
    const { source, log } = watchedSource(await sampleParts(2))
    await expect(session.follow(source, { calibration })).rejects.toThrow(refused('device-lost'))
    expect(runs).toEqual([expect.any(MapRun), null])
    expect(session.run).toBeNull()
    expect(log.at(-1)).toBe('released')
    await expect(runs[0]!.map.readPages()).rejects.toThrow(refused('bad-state'))
  })

  test('stays when its source fails', async () => {
    const calibration = await learnt()
    const [part] = await sampleParts(1)
    const failing = (second: () => TradeChunk): TradeSource => ({
      ...liveSource().source,
      async *chunks() {
        yield part
        yield second()
      },
    })
    const { session, runs } = sessionOn()
    const breaksOff = failing(() => {
      throw new Error('breaks off')
    })
    await expect(session.follow(breaksOff, { calibration })).rejects.toThrow('breaks off')
    expect((await session.report()).rows.read).toBe(part.length)
    const nonsense = failing(() => ({ ...part, time: part.time.map(() => Number.NaN) }))
    await expect(session.follow(nonsense, { calibration })).rejects.toThrow(refused('bad-data'))
    expect((await session.report()).rows.read).toBe(part.length)
    expect(runs).toHaveLength(2)
  })
})

describe('a source whose job is called off', () => {
  test('is released before the job is over', async () => {
    const calibration = await learnt()
    const { session } = sessionOn({ onProgress: progress => progress && session.cancel() })
    const { source, log } = watchedSource(await sampleParts(2))
    await expect(session.follow(source, { calibration })).rejects.toThrow(ABORTED)
    expect(log).toEqual(['asked', 'released'])
  })

  test('is released even if it was never read', async () => {
    const calibration = await learnt()
    const early = watchedSource()
    const backend = cpuBackend()
    const { session } = sessionOn({
      backend: {
        ...backend,
        open: shape => {
          session.cancel()
          return backend.open(shape)
        },
      },
    })
    await expect(session.follow(() => early.source, { calibration })).rejects.toThrow(ABORTED)
    expect(early.log).toEqual(['released'])
    const unused = watchedSource()
    const job = session.follow(unused.source, { calibration })
    session.cancel()
    await expect(job).rejects.toThrow(ABORTED)
    expect(unused.log).toEqual(['released'])
    expect(session.run).toBeNull()
  })
})

describe('numbers out of range', () => {
  test.each([-1, 1.5, Number.NaN])('%d is no count of what to keep', async most => {
    const backend = cpuBackend()
    for (const setting of ['mostTrades', 'mostHotspots']) {
      const error = expect.objectContaining({ code: 'bad-setting', settings: [setting] })
      expect(() => new Session({ backend, [setting]: most })).toThrow(error)
    }
    const calibration = await learnt()
    await expect(MapRun.create({ backend, calibration, mostHotspots: most })).rejects.toThrow(
      refused('bad-setting'),
    )
    await expect(TradeStore.read(sample(), { most })).rejects.toThrow(refused('bad-setting'))
  })

  test('none and all are counts of what to keep', async () => {
    const { session } = sessionOn({ mostHotspots: 0, mostTrades: Number.POSITIVE_INFINITY })
    await session.open(sample, SETTINGS)
    expect(session.run!.hotspots).toEqual([])
    expect(session.run!.found).toBeGreaterThan(10)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a session does not seek %d', async time => {
    const { session } = sessionOn()
    await session.open(sample, SETTINGS)
    const { position } = session
    await expect(session.seek(time)).rejects.toThrow(refused('bad-setting'))
    expect(session.position).toBe(position)
  })
})

describe('a source that is followed', () => {
  test('is mapped as it comes, and reported at any time', async () => {
    const calibration = await learnt()
    const parts = await sampleParts(8)
    const live = liveSource()
    let reached = () => {}
    const fed = (rows: number) =>
      new Promise<void>(resolve => {
        reached = () => session.run!.rows.read >= rows && resolve()
      })
    const { session, runs } = sessionOn({ onProgress: () => reached(), mostHotspots: 20 })
    const job = session.follow(live.source, { calibration })
    let given = 0
    const give = async (chunk: TradeChunk) => {
      given += chunk.length
      const arrived = fed(given)
      live.give(chunk)
      await arrived
    }
    for (const part of parts.slice(0, 4)) await give(part)
    const half = await session.report()
    closes(half)
    expect(half.rows.read).toBe(given)
    expect(half.warnings[0]).toMatch(
      /^covers the trades up to 2024-03-05T\S+ only; the map is still growing$/,
    )
    expect(session.trades).toBeNull()
    expect(session.position).toBe(session.run!.latest)
    await expect(session.seek(0)).rejects.toThrow(refused('bad-state')) // and the trades go on coming in
    for (const part of parts.slice(4)) await give(part)
    live.end()
    await job
    expect(runs).toEqual([session.run])
    const expected = await mapTrades(sample(), { backend: cpuBackend(), calibration })
    const whole = await session.report()
    expect(whole.digest).toEqual(expected.digest)
    expect(whole.hotspots).toEqual(expected.hotspots)
    expect(whole.hotspotsFound).toBe(expected.hotspotsFound)
  })

  test('gives the map of one pass when it ends, with the rows its reader refused', async () => {
    const calibration = await learnt()
    const { session } = sessionOn()
    const live = liveSource()
    for (const part of await sampleParts(5)) live.give(part)
    live.account.rejected['bad-price'] = 3
    live.end()
    await session.follow(() => live.source, { calibration })
    const report = await session.report()
    closes(report)
    const expected = await mapTrades(sample(), { backend: cpuBackend(), calibration, top: 10_000 })
    expect(report.digest).toEqual(expected.digest)
    expect(report.hotspots).toEqual(expected.hotspots)
    expect(report.warnings).toEqual(expected.warnings)
    expect(report.rows.rejected).toEqual({ 'bad-price': 3 })
    const { read } = expected.rows
    expect(session.run!.rows).toEqual({ read: read + 3, binned: read, outside: 0, rejected: 3 })
  })

  test('ends when it is cancelled while no trade arrives, and the map stays', async () => {
    const calibration = await learnt()
    const live = liveSource()
    let shown = () => {}
    const isShown = new Promise<void>(resolve => {
      shown = resolve
    })
    const { session } = sessionOn({ onRun: () => shown() })
    const job = session.follow(live.source, { calibration })
    await isShown
    session.cancel()
    await expect(job).rejects.toThrow(ABORTED)
    expect(session.run!.rows.read).toBe(0)
    expect((await session.report()).warnings[0]).toBe('there are no trades yet')
    live.end() // the source is left as soon as it lets go
    await new Promise(resolve => setTimeout(resolve))
    expect(live.wasLeft()).toBe(true)
  })

  test('cannot go back in time or change its grid: its trades are not kept', async () => {
    const calibration = await learnt()
    const { session } = sessionOn()
    const live = liveSource()
    live.end()
    await session.follow(live.source, { calibration })
    await expect(session.seek(0)).rejects.toThrow(refused('bad-state'))
    await expect(session.change({ lateness: 2 })).rejects.toThrow(refused('bad-state'))
    await session.open(sample, SETTINGS)
    expect(session.trades).not.toBeNull()
  })
})

describe('a run on its own', () => {
  test('reports whole feeds at any time', async () => {
    const calibration = await learnt()
    const run = await MapRun.create({ backend: cpuBackend(), calibration })
    const parts = await sampleParts(4)
    const calls = parts.flatMap(part => [run.feed(part), run.report()])
    const reports = (await Promise.all(calls)).filter(report => report !== undefined)
    let fed = 0
    for (const [i, report] of reports.entries()) {
      fed += parts[i].length
      expect(report.rows.read).toBe(fed)
      closes(report)
    }
    await run.end()
    const last = await run.report()
    const expected = await mapTrades(sample(), { backend: cpuBackend(), calibration, top: 10_000 })
    expect(last.digest).toEqual(expected.digest)
    await expect(run.feed(parts[0])).rejects.toThrow(refused('bad-state'))
    expect(run.rows.read).toBe(fed)
    run.destroy()
  })

  test('counts no row that it refuses', async () => {
    const calibration = await learnt()
    const run = await MapRun.create({ backend: cpuBackend(), calibration })
    const [part] = await sampleParts(4)
    const offTick: TradeChunk = {
      ...part,
      priceDecimals: part.priceDecimals + 1,
      price: part.price.map((price, i) => (i % 2 ? 10 * price + 1 : 10 * price)),
    }
    await run.feed(offTick)
    const before = untimed(await run.report())
    expect(totalOf(before.rows.rejected)).toBe(Math.floor(part.length / 2))
    const nonsense = { ...offTick, time: part.time.map(() => Number.NaN) }
    await expect(run.feed(nonsense)).rejects.toThrow(refused('bad-data'))
    expect(untimed(await run.report())).toEqual(before)
    await run.end()
    await expect(run.feed(offTick)).rejects.toThrow(refused('bad-state'))
    const after = await run.report()
    closes(after)
    expect(after.rows).toEqual(before.rows)
  })

  test('can be reported once it has ended, even when it is destroyed', async () => {
    const run = await MapRun.create({ backend: cpuBackend(), calibration: await learnt() })
    for (const part of await sampleParts(2)) await run.feed(part)
    await run.end()
    const report = untimed(await run.report())
    run.destroy()
    expect(untimed(await run.report())).toEqual(report)
    expect(report.hotspots.length).toBeGreaterThan(10)
  })

  test('says what ended its map', async () => {
    const run = await MapRun.create({ backend: cpuBackend(), calibration: await learnt() })
    run.destroy()
    const [part] = await sampleParts(1)
    await expect(run.feed(part)).rejects.toThrow(refused('bad-state'))
    await expect(run.report()).rejects.toThrow(refused('bad-state'))
  })
})

test('the time bin suits the span', () => {
  expect(suitingTimeWidth(24 * HOUR)).toBe(HOUR / 12)
  expect(suitingTimeWidth(92 * 24 * HOUR)).toBe(HOUR)
  expect(suitingTimeWidth(20 * 366 * 24 * HOUR)).toBe(24 * HOUR)
})
