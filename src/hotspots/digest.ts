import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { PageChecksum, Peak } from '../engine/work.ts'
import { highWord, lowWord } from '../fixed/u64.ts'
import type { Digest } from '../formats/report.ts'

export type { Digest } from '../formats/report.ts'

/** Computes the digests from slabs and peaks as they become final, in ascending slab order. */
export class Digester {
  private readonly moments = sha256.create()
  private readonly hotspots = sha256.create()

  /**
   * @param momentCount moments per voxel
   * @param grid, score settings that the integers depend on, as plain JSON values. A layer other than trades
   *   puts its name into both.
   */
  constructor(
    private readonly momentCount: number,
    grid: unknown,
    score: unknown,
  ) {
    const encoder = new TextEncoder()
    this.moments.update(encoder.encode(JSON.stringify(['voxrisk moments 1', grid])))
    this.hotspots.update(encoder.encode(JSON.stringify(['voxrisk hotspots 1', grid, score])))
  }

  /** Adds complete slabs: for each, its bin and the sums of its pages' checksum words, little-endian. */
  addChecksums(checksums: readonly PageChecksum[]): void {
    const slabs = new Map<number, [number, number]>()
    for (const { slab, words } of checksums) {
      const sum = slabs.get(slab) ?? [0, 0]
      slabs.set(slab, [(sum[0] + words[0]) >>> 0, (sum[1] + words[1]) >>> 0])
    }
    const record = new DataView(new ArrayBuffer(16))
    for (const [slab, sum] of [...slabs].sort(([a], [b]) => a - b)) {
      setInt64(record, 0, slab)
      record.setUint32(8, sum[0], true)
      record.setUint32(12, sum[1], true)
      this.moments.update(new Uint8Array(record.buffer))
    }
  }

  /** Adds all integers of peaks, little-endian. The peaks must be in (slab, class, price) order. */
  addPeaks(peaks: readonly Peak[]): void {
    const size = 20 + 8 * this.momentCount
    const records = new DataView(new ArrayBuffer(size * peaks.length))
    for (const [i, { slab, classBin, priceBin, score, moments }] of peaks.entries()) {
      const at = i * size
      setInt64(records, at, slab)
      records.setUint32(at + 8, classBin, true)
      records.setUint32(at + 12, priceBin, true)
      records.setInt32(at + 16, score, true)
      for (let m = 0; m < this.momentCount; m++) setInt64(records, at + 20 + 8 * m, moments[m])
    }
    this.hotspots.update(new Uint8Array(records.buffer))
  }

  /** The digests so far. */
  digest(): Digest {
    return {
      moments: bytesToHex(this.moments.clone().digest()),
      hotspots: bytesToHex(this.hotspots.clone().digest()),
    }
  }
}

/** Writes a safe integer as 64 bits in two's complement, little-endian. */
function setInt64(view: DataView, at: number, integer: number): void {
  view.setUint32(at, lowWord(integer), true)
  view.setUint32(at + 4, highWord(integer), true)
}
