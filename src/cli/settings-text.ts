import type { Grid, KernelRadii } from '../layers/trades/grid.ts'
import { counted, number } from '../show/text.ts'
import type { Instrument } from '../units/instrument.ts'
import { timeWidthText } from './format.ts'

export function instrumentText({ symbol, tickSize, lotSize, contract }: Instrument): string {
  return `${symbol || '(no symbol)'}, tick ${tickSize}, lot ${lotSize}, ${contract}`
}

export function gridText({ tickSize }: Instrument, grid: Grid): string {
  const width = number(grid.priceWidth * Number(tickSize), 6)
  const perOctave = counted(2 ** grid.sizeResolution, 'bin')
  const time = timeWidthText(grid.timeWidth)
  return `price ${width} (${counted(grid.priceWidth, 'tick')}), size ${perOctave} per octave (${grid.sizeBins}), time ${time}`
}

export function radiiText({ price, size, time }: KernelRadii): string {
  return `price ±${price}, size ±${size}, time ±${time} bins`
}
