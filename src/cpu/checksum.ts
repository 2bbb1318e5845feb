import type { PageChecksum, RawPage } from '../engine/work.ts'
import { murmur, xx } from '../fixed/checksum.ts'
import { highWord, lowWord } from '../fixed/u64.ts'
import { PAGE_PRICES } from '../grid/axes.ts'
import { MOMENT_COUNT } from '../layers/trades/moments.ts'
import { priceOf, type RawMoments, sizeOf } from './pages.ts'

/** Words hashed per voxel: time bin (2), price bin, size bin, moments (2 each). */
const WORDS = 4 + 2 * MOMENT_COUNT

/** Sums the hashes of a page's touched voxels, modulo 2^32 in each word. Mirrored by shaders/release.wgsl. */
export function checksum(work: RawPage, page: RawMoments): PageChecksum {
  const words = new Int32Array(WORDS)
  words[0] = lowWord(work.slab)
  words[1] = highWord(work.slab)
  let first = 0
  let second = 0
  for (let t = 0; t < page.touchedCount; t++) {
    const voxel = page.touched[t]
    words[2] = work.page * PAGE_PRICES + priceOf(voxel)
    words[3] = sizeOf(voxel)
    for (let m = 0; m < MOMENT_COUNT; m++) {
      const moment = page.moments[voxel * MOMENT_COUNT + m]
      words[4 + 2 * m] = lowWord(moment)
      words[5 + 2 * m] = highWord(moment)
    }
    first = (first + murmur(words)) >>> 0
    second = (second + xx(words)) >>> 0
  }
  return { slab: work.slab, page: work.page, words: [first, second] }
}
