/** The task of a peer and the results it must find, made from ticks by the CPU reference. */
import { type Backend, type Calibration, cpuBackend, RiskMap, type TickColumns } from 'voxrisk'
import {
  DEFAULT_LATENESS,
  type MapSteps,
  Marker,
  MOMENT_COUNT,
  OpenBins,
  PAGE_PRICES,
  type RawPage,
} from 'voxrisk/engine'
import type { Case, Distribution, Sweep } from '../suite/result.ts'

/** Ticks as the engine bins them: without late ones, with increments and sides determined. */
export interface MarkedTicks {
  readonly length: number
  /** µs since 1970. */
  readonly time: Float64Array
  /** Ticks of price. */
  readonly price: Uint32Array
  /** Lots. */
  readonly size: Uint32Array
  /** After the tick rule: +1, −1, 0. */
  readonly side: Int8Array
  /** Δp in ticks, 0 where unmarked. */
  readonly increment: Float64Array
  /** Δp of the tick before. */
  readonly previousIncrement: Float64Array
}

/**
 * Numbers per row of {@link PeerTask.moments}: time, size, price bin, then the raw moments in the order of
 * `MOMENTS`.
 */
export const VOXEL_NUMBERS = 3 + MOMENT_COUNT

/**
 * Numbers per row of {@link PeerTask.peaks}: time, size, price bin, score in Q16, then the smoothed moments.
 */
export const PEAK_NUMBERS = 4 + MOMENT_COUNT

export interface PeerTask {
  readonly case: Case
  /** Sweeps the measurements belong to. */
  readonly sweeps: readonly Sweep[]
  readonly calibration: Calibration
  readonly ticks: MarkedTicks
  /** Every touched voxel: rows of `VOXEL_NUMBERS` exact integers, ascending by (time, size, price). */
  readonly moments: Float64Array
  /** Every peak: rows of `PEAK_NUMBERS` exact integers, ascending by (time, size, price). */
  readonly peaks: Float64Array
}

/**
 * Runs the CPU reference over ticks and keeps the results that peers are checked against.
 * @param ticks columns in arrival order; late ticks are left out of the task
 * @throws as `RiskMap.ingest`
 */
export async function peerTask(
  ticks: readonly TickColumns[],
  calibration: Calibration,
  about: { readonly distribution: Distribution; readonly sweeps: readonly Sweep[] },
): Promise<PeerTask> {
  const { binned, marked } = mark(ticks, calibration.grid.timeWidth)
  const voxels: number[][] = []
  const peaks: number[][] = []
  const map = await RiskMap.create({ backend: recording(voxels, peaks), calibration })
  await map.ingest(binned)
  await map.flush()
  map.destroy()
  return {
    case: {
      ticks: marked.length,
      distribution: about.distribution,
      touchedVoxels: voxels.length,
      radii: calibration.kernel,
      batchBytes: null,
    },
    sweeps: about.sweeps,
    calibration,
    ticks: marked,
    moments: table(voxels),
    peaks: table(peaks),
  }
}

/** The ticks that are not late, as one set of columns, as received and as marked. */
function mark(
  parts: readonly TickColumns[],
  timeWidth: number,
): { binned: TickColumns; marked: MarkedTicks } {
  const most = parts.reduce((sum, { length }) => sum + length, 0)
  const time = new Float64Array(most)
  const price = new Uint32Array(most)
  const size = new Uint32Array(most)
  const givenSide = new Int8Array(most)
  const flags = new Uint8Array(most)
  const side = new Int8Array(most)
  const increment = new Float64Array(most)
  const previousIncrement = new Float64Array(most)
  const marker = new Marker(timeWidth)
  const open = new OpenBins(DEFAULT_LATENESS)
  let length = 0
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      if (!open.admit(Math.floor(part.time[i] / timeWidth))) continue
      time[length] = part.time[i]
      price[length] = part.price[i]
      size[length] = part.size[i]
      givenSide[length] = part.side[i]
      flags[length] = part.flags?.[i] ?? 0
      marker.mark(time[length], price[length], givenSide[length], flags[length])
      side[length] = marker.side
      increment[length] = marker.increment
      previousIncrement[length] = marker.previousIncrement
      length++
    }
  }
  const used = <Column extends { subarray(from: number, to: number): Column }>(column: Column) =>
    column.subarray(0, length)
  return {
    binned: { length, time, price, size, side: givenSide, flags },
    marked: {
      length,
      time: used(time),
      price: used(price),
      size: used(size),
      side: used(side),
      increment: used(increment),
      previousIncrement: used(previousIncrement),
    },
  }
}

/**
 * The CPU reference, which also passes on the raw moments of every page before releasing it, and all peaks.
 */
function recording(voxels: number[][], peaks: number[][]): Backend {
  const backend = cpuBackend()
  return {
    ...backend,
    async open(shape) {
      const steps = await backend.open(shape)
      const retire: MapSteps['retire'] = async (work, readback) => {
        // Before the pages are cleared.
        const raw = steps.readRaw(Array.from(work.release, ({ slot }) => slot))
        const retired = steps.retire(work, readback)
        for (const [i, moments] of (await raw).entries()) addTouched(voxels, work.release.at(i), moments)
        for (const { slab, classBin, priceBin, score, moments } of (await retired).peaks) {
          peaks.push([slab, classBin, priceBin, score, ...moments])
        }
        return retired
      }
      return new Proxy(steps, {
        get: (target, name) => {
          if (name === 'retire') return retire
          const member = Reflect.get(target, name)
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    },
  }
}

function addTouched(voxels: number[][], { slab, page }: RawPage, moments: Float64Array): void {
  for (let at = 0; at < moments.length; at += MOMENT_COUNT) {
    if (moments[at] === 0) continue
    const voxel = at / MOMENT_COUNT
    voxels.push([
      slab,
      Math.floor(voxel / PAGE_PRICES),
      page * PAGE_PRICES + (voxel % PAGE_PRICES),
      ...moments.subarray(at, at + MOMENT_COUNT),
    ])
  }
}

/** Concatenates rows, ascending by their first three numbers. */
function table(rows: number[][]): Float64Array {
  rows.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
  const numbers = rows[0]?.length ?? 0
  const flat = new Float64Array(rows.length * numbers)
  for (const [i, row] of rows.entries()) flat.set(row, i * numbers)
  return flat
}
