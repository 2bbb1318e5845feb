import { useEffect, useState } from 'react'
import {
  type BackendChoice,
  calibrateTrades,
  chooseBackend,
  type Instrument,
  RiskMap,
  sampleDay,
  type TickColumns,
  tickBatches,
} from 'voxrisk'

export interface SampleMap {
  readonly map: RiskMap | null
  readonly isComplete: boolean
  readonly error: Error | null
}

const EMPTY: SampleMap = { map: null, isComplete: false, error: null }

/** A live map of a made-up day, for as long as the component is mounted. */
export function useSampleMap(): SampleMap {
  const [state, setState] = useState(EMPTY)
  useEffect(() => {
    const leaving = new AbortController()
    run(leaving.signal, news => {
      if (!leaving.signal.aborted) setState(before => ({ ...before, ...news }))
    })
    return () => {
      leaving.abort()
      setState(EMPTY) // StrictMode and hot reload remount with the same state
    }
  }, [])
  return state
}

/** Creates a map, feeds it, and keeps it until the signal aborts. */
async function run(signal: AbortSignal, tell: (news: Partial<SampleMap>) => void): Promise<void> {
  // `?backend=webgpu` also accepts a software GPU.
  const choice = (new URLSearchParams(location.search).get('backend') ?? 'auto') as BackendChoice
  const { backend } = await chooseBackend({ gpu: navigator.gpu, choice })
  let map: RiskMap | undefined
  try {
    signal.throwIfAborted()
    const yesterday = sampleDay({ seed: 2, trades: 30_000 }).source
    const calibration = await calibrateTrades(yesterday, { backend })
    signal.throwIfAborted()
    map = await RiskMap.create({ backend, calibration, keepSlabs: 96, details: true }) // 96 × 15 min: a day
    tell({ map })
    for await (const ticks of feed(map.instrument)) {
      signal.throwIfAborted()
      await map.ingest(ticks)
    }
    await map.flush()
    tell({ isComplete: true })
    await aborted(signal)
  } catch (error) {
    tell({ error: error as Error }) // ignored if the component has unmounted
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

/** Replace this with your feed. Here: a made-up day, some trades at a time. */
async function* feed(instrument: Instrument): AsyncGenerator<TickColumns> {
  const { source } = sampleDay({ trades: 30_000 })
  for await (const ticks of tickBatches(source, instrument, { size: TRADES_A_BATCH })) {
    yield ticks
    await new Promise(resolve => setTimeout(resolve, MS_A_BATCH))
  }
}
