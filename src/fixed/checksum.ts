/**
 * A 64-bit checksum of a list of 32-bit words: two independent 32-bit hashes, MurmurHash3 (A. Appleby) and
 * the round of xxHash32 (Y. Collet). It detects accidents, not forgery. Mirrored by shaders/release.wgsl.
 */
const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))

const MURMUR_SEED = 0x766f7872 // "voxr"
const XX_SEED = 0x6973_6b31 // "isk1"

/** First half: MurmurHash3 x86 32-bit over whole words. */
export function murmur(words: ArrayLike<number>): number {
  let hash = MURMUR_SEED
  for (let i = 0; i < words.length; i++) {
    const mixed = Math.imul(rotate(Math.imul(words[i], 0xcc9e2d51), 15), 0x1b873593)
    hash = (Math.imul(rotate(hash ^ mixed, 13), 5) + 0xe6546b64) | 0
  }
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Second half: xxHash32's accumulation and avalanche. */
export function xx(words: ArrayLike<number>): number {
  let hash = XX_SEED
  for (let i = 0; i < words.length; i++) {
    hash = Math.imul(rotate((hash + Math.imul(words[i], 0xc2b2ae3d)) | 0, 17), 0x27d4eb2f)
  }
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x85ebca77)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae3d)
  return (hash ^ (hash >>> 16)) >>> 0
}
