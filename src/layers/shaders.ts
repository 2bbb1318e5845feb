import type { LayerShaders } from '../engine/shader.ts'
import { tradesShaders } from './trades/shaders.ts'

/** The linked shaders of the layers that voxrisk brings, by the layer's name. Apart from the layers: threads need none. */
export const LAYER_SHADERS: Readonly<Record<string, LayerShaders>> = { trades: tradesShaders }
