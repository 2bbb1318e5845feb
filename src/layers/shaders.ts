import type { LayerShaders } from '../engine/shader.ts'
import { tradesShaders } from './trades/shaders.ts'

/**
 * Linked shaders of the built-in layers, by layer name. Kept apart from the layers because threads need no
 * WGSL.
 */
export const LAYER_SHADERS: Readonly<Record<string, LayerShaders>> = { trades: tradesShaders }
