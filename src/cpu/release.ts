import { classOf, priceOf, type RawMoments } from '../engine/pages.ts'
import type { PageChecksum, RawPage } from '../engine/work.ts'
import { murmur, xx } from '../fixed/checksum.ts'
import { highWord, lowWord } from '../fixed/u64.ts'
import { PAGE_PRICES } from '../grid/axes.ts'

// Releasing a raw page: take its checksum, then clear it. Mirrored by shaders/release.wgsl, which does both
// in one pass. CPU threads must not: one could clear a page while another still reads it.

/** Words of the key of a voxel: time bin (2), price bin, class. */
const KEY_WORDS = 4

/**
 * Sums the hashes of a page's touched voxels, each word modulo 2^32.
 * @param moments moments per voxel
 */
export function checksum(work: RawPage, page: RawMoments, moments: number): PageChecksum {
  const words = new Int32Array(KEY_WORDS + 2 * moments)
  words[0] = lowWord(work.slab)
  words[1] = highWord(work.slab)
  let first = 0
  let second = 0
  for (let t = 0; t < page.touchedCount; t++) {
    const voxel = page.touched[t]
    words[2] = work.page * PAGE_PRICES + priceOf(voxel)
    words[3] = classOf(voxel)
    for (let m = 0; m < moments; m++) {
      const moment = page.moments[voxel * moments + m]
      words[KEY_WORDS + 2 * m] = lowWord(moment)
      words[KEY_WORDS + 1 + 2 * m] = highWord(moment)
    }
    first = (first + murmur(words)) >>> 0
    second = (second + xx(words)) >>> 0
  }
  return { slab: work.slab, page: work.page, words: [first, second] }
}

/** Empties a page. */
export function clear(page: RawMoments, moments: number): void {
  for (let t = 0; t < page.touchedCount; t++) {
    const at = page.touched[t] * moments
    for (let m = 0; m < moments; m++) page.moments[at + m] = 0
  }
  page.touchedCount = 0
}
