import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { MOMENT_COUNT, type PageChecksum, type Peak } from './backend.ts'

/** SHA-256 of everything a map gives: equal ticks and settings give equal digests on every backend. */
export interface Digest {
  /** Over the checksums of all slabs' raw moments, hex. */
  readonly moments: string
  /** Over all peaks with their smoothed moments, hex. */
  readonly hotspots: string
}

/** Collects slabs and peaks as they become final, in ascending slab order. */
export class Digester {
  private readonly moments = sha256.create()
  private readonly hotspots = sha256.create()

  /** @param grid, score settings that the integers depend on, as plain JSON values */
  constructor(grid: unknown, score: unknown) {
    const encoder = new TextEncoder()
    this.moments.update(encoder.encode(JSON.stringify(['voxrisk moments 1', grid])))
    this.hotspots.update(encoder.encode(JSON.stringify(['voxrisk hotspots 1', grid, score])))
  }

  /** Adds whole slabs: per slab its bin and the sums of its pages' checksum words, little-endian. */
  addChecksums(checksums: readonly PageChecksum[]): void {
    const slabs = new Map<number, [number, number]>()
    for (const { slab, words } of checksums) {
      const sum = slabs.get(slab) ?? [0, 0]
      slabs.set(slab, [(sum[0] + words[0]) >>> 0, (sum[1] + words[1]) >>> 0])
    }
    const record = new DataView(new ArrayBuffer(16))
    for (const [slab, sum] of [...slabs].sort(([a], [b]) => a - b)) {
      record.setBigInt64(0, BigInt(slab), true)
      record.setUint32(8, sum[0], true)
      record.setUint32(12, sum[1], true)
      this.moments.update(new Uint8Array(record.buffer))
    }
  }

  /** Adds peaks that are already in (slab, size, price) order: all their integers, little-endian. */
  addPeaks(peaks: readonly Peak[]): void {
    const record = new DataView(new ArrayBuffer(20 + 8 * MOMENT_COUNT))
    for (const peak of peaks) {
      record.setBigInt64(0, BigInt(peak.slab), true)
      record.setUint32(8, peak.sizeBin, true)
      record.setUint32(12, peak.priceBin, true)
      record.setInt32(16, peak.score, true)
      for (let m = 0; m < MOMENT_COUNT; m++) record.setBigInt64(20 + 8 * m, BigInt(peak.moments[m]), true)
      this.hotspots.update(new Uint8Array(record.buffer))
    }
  }

  /** The digests so far. */
  digest(): Digest {
    return {
      moments: bytesToHex(this.moments.clone().digest()),
      hotspots: bytesToHex(this.hotspots.clone().digest()),
    }
  }
}
