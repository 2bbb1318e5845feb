import type { Layer } from '../engine/layer.ts'
import { tradesLayer } from './trades/layer.ts'

const LAYERS: readonly Layer[] = [tradesLayer]

/** The layer of a name, for whom functions cannot be handed to; undefined where voxrisk brings none. */
export function layerNamed(name: string): Layer | undefined {
  return LAYERS.find(layer => layer.name === name)
}
