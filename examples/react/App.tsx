import { useState } from 'react'
import type { Hotspot } from 'voxrisk'
import type { ViewMeasure } from 'voxrisk/view'
import { RiskView } from './RiskView.tsx'
import { useSampleMap } from './useSampleMap.ts'

const MEASURES: readonly ViewMeasure[] = ['score', 'activity', 'volatility', 'flow']

export function App() {
  const { map, isComplete, error } = useSampleMap()
  const [measure, setMeasure] = useState<ViewMeasure>('score')
  const [chosen, setChosen] = useState<Hotspot | null>(null)
  const [failure, setFailure] = useState<Error | null>(null)
  const wrong = error ?? failure

  return (
    <>
      <label>
        Measure{' '}
        <select value={measure} onChange={event => setMeasure(event.target.value as ViewMeasure)}>
          {MEASURES.map(name => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <RiskView map={map} measure={measure} list onHotspotSelect={setChosen} onError={setFailure} />
      <p>
        <output id="state">
          {wrong
            ? wrong.message
            : isComplete
              ? 'All trades are in'
              : map
                ? 'Trades are coming in'
                : 'Learning what is ordinary'}
        </output>
        . <output id="chosen">{chosen ? describe(chosen) : 'No hotspot selected.'}</output>
      </p>
    </>
  )
}

function describe({ score, price, time }: Hotspot): string {
  return `Selected: score ${score.toFixed(2)} at price ${price.from}, ${time.from}.`
}
