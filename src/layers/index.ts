import type { Layer } from '../engine/layer.ts'
import { tradesLayer } from './trades/layer.ts'

const LAYERS: readonly Layer[] = [tradesLayer]

/** A built-in layer by its name, for threads, which cannot be sent functions. Undefined for unknown names. */
export function layerNamed(name: string): Layer | undefined {
  return LAYERS.find(layer => layer.name === name)
}
