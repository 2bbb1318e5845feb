import { useEffect, useState } from 'react'
import {
  calibrateTrades,
  cpuBackend,
  type Instrument,
  RiskMap,
  sampleDay,
  TickConverter,
  webgpuBackend,
} from 'voxrisk'

export interface SampleMap {
  readonly map: RiskMap | null
  readonly isComplete: boolean
  readonly error: Error | null
}

const EMPTY: SampleMap = { map: null, isComplete: false, error: null }

/** A live map on a made-up day, for as long as the component is there. */
export function useSampleMap(): SampleMap {
  const [state, setState] = useState(EMPTY)
  useEffect(() => {
    const leaving = new AbortController()
    run(leaving.signal, news => {
      if (!leaving.signal.aborted) setState(before => ({ ...before, ...news }))
    })
    return () => {
      leaving.abort()
      setState(EMPTY) // StrictMode and hot reload come back with the same state
    }
  }, [])
  return state
}

/** Makes a map, feeds it, and keeps it until the signal comes. */
async function run(signal: AbortSignal, tell: (news: Partial<SampleMap>) => void): Promise<void> {
  const adapter = await navigator.gpu?.requestAdapter()
  const device = await adapter?.requestDevice()
  const backend = device ? webgpuBackend(device, { ownsDevice: true }) : cpuBackend()
  let map: RiskMap | undefined
  try {
    signal.throwIfAborted()
    const yesterday = sampleDay({ seed: 2, trades: 30_000 }).source
    const calibration = await calibrateTrades(yesterday, { backend })
    signal.throwIfAborted()
    map = await RiskMap.create({ backend, calibration, keepSlabs: 96, details: true }) // 96 quarters of an hour: a day
    tell({ map })
    for await (const ticks of feed(map.instrument)) {
      signal.throwIfAborted()
      await map.ingest(ticks)
    }
    await map.flush()
    tell({ isComplete: true })
    await aborted(signal)
  } catch (error) {
    tell({ error: error as Error }) // of the abort nobody hears
  } finally {
    map?.destroy()
    backend.destroy()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const TRADES_A_BATCH = 500
const MS_A_BATCH = 50

/** Stands for your feed: a made-up day, some trades at a time. */
async function* feed(instrument: Instrument) {
  const converter = new TickConverter(instrument)
  for await (const chunk of sampleDay({ trades: 30_000 }).source.chunks()) {
    const { length, time, price, size, side } = converter.convert(chunk)
    for (let from = 0; from < length; from += TRADES_A_BATCH) {
      const to = Math.min(from + TRADES_A_BATCH, length)
      yield {
        length: to - from,
        time: time.subarray(from, to),
        price: price.subarray(from, to),
        size: size.subarray(from, to),
        side: side.subarray(from, to),
      }
      await new Promise(resolve => setTimeout(resolve, MS_A_BATCH))
    }
  }
}
