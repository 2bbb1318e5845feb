import { VoxriskError } from '../errors.ts'
import type { MapShape } from './steps.ts'

/** Most moments and terms of a layer: the shaders hold a row of them in workgroup memory. */
const MOST_MOMENTS = 8
const MOST_TERMS = 4
/** Voxels of a page are numbered in 16 bits, 64 prices per class. */
const MOST_CLASSES = 1024
const MOST_SETTINGS = 4

/**
 * Refuses what no backend can hold, before anything is allocated.
 * @throws {VoxriskError} `bad-setting`
 */
export function checkShape({ layer, axes, settings }: MapShape): void {
  const { name, moments, terms, detailed, priorWords } = layer
  const within = (what: string, count: number, least: number, most: number) => {
    if (Number.isInteger(count) && count >= least && count <= most) return
    throw new VoxriskError(
      'bad-setting',
      `layer ${name}: ${count} ${what}, not ${least} to ${most}`,
      'Change the layer or its axes.',
    )
  }
  within('moments', moments.length, 1, MOST_MOMENTS)
  within('terms', terms.length, 1, MOST_TERMS)
  within('classes', axes.classBins, 1, MOST_CLASSES)
  within('settings', settings.length, 0, MOST_SETTINGS)
  within('words of prior per price', priorWords, 1, 8)
  within('as first detailed moment', detailed.first, 0, moments.length - 1)
  within('detailed moments', detailed.count, 0, moments.length - detailed.first)
}
