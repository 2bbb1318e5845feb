import { sumCount } from '../engine/layer.ts'
import type { PageJobs } from '../engine/packing.ts'
import { PriorTable } from '../engine/priors.ts'
import type { MapShape } from '../engine/steps.ts'
import { LOG2_TABLE } from '../fixed/log2.ts'
import type { DeviceWatch } from './device-watch.ts'
import { MOST_WORKGROUPS, Usage } from './flags.ts'
import { detailBytes, momentBytes, scoreBytes } from './pages.ts'
import type { Pipelines } from './pipelines.ts'
import { Pool, pagesThatFit } from './pool.ts'
import { packStruct } from './shader.ts'
import { Transients } from './transients.ts'

/** Initial size of the pools, in pages. */
const FIRST_PAGES = 16

/** The buffers that live as long as a map: its shape and constants, and the pools of its pages. */
export class MapMemory {
  /** Most raw pages at one time. */
  readonly pageLimit: number
  /** Most pages of scores, with their details, at one time. */
  readonly keptPageLimit: number
  readonly shapeBuffer: GPUBuffer
  readonly log2Table: GPUBuffer
  /** The constants of the score; null for a survey. */
  readonly constants: GPUBuffer | null
  /** The sums of a survey; null for a map with scores. */
  readonly sums: GPUBuffer | null
  readonly raw: Pool
  readonly smoothed: Pool
  readonly scores: Pool
  /** Null unless the map keeps details. */
  readonly details: Pool | null
  private readonly constant: Transients
  private readonly priors: PriorTable
  private events: GPUBuffer | null = null

  /** @throws {VoxriskError} device errors, leaving nothing behind */
  constructor(
    device: GPUDevice,
    watch: DeviceWatch,
    pipelines: Pipelines,
    readonly shape: MapShape,
  ) {
    this.constant = new Transients(device)
    this.priors = new PriorTable(shape)
    this.pageLimit = Math.min(pagesThatFit(device, momentBytes(shape)), MOST_WORKGROUPS)
    this.keptPageLimit = pagesThatFit(device, shape.details ? detailBytes(shape) : scoreBytes(shape))
    const pools: Pool[] = []
    const pool = (label: string, pageBytes: number) => {
      pools.push(new Pool(device, label, pageBytes, FIRST_PAGES))
      return pools[pools.length - 1]
    }
    const { constant } = this
    const sumBytes = shape.axes.classBins * sumCount(shape.layer) * 8
    try {
      const made = constant.guard(watch, () => ({
        shapeBuffer: constant.upload('voxrisk shape', packShape(pipelines, shape), Usage.uniform),
        log2Table: constant.upload('voxrisk log2 table', log2Words(), Usage.uniform),
        constants: shape.constants && constant.upload('voxrisk score constants', shape.constants),
        sums: shape.constants
          ? null
          : constant.create('voxrisk term sums', sumBytes, Usage.storage | Usage.copySource),
        raw: pool('voxrisk raw moments', momentBytes(shape)),
        smoothed: pool('voxrisk smoothed moments', momentBytes(shape)),
        scores: pool('voxrisk scores', scoreBytes(shape)),
        details: shape.details ? pool('voxrisk details', detailBytes(shape)) : null,
      }))
      this.shapeBuffer = made.shapeBuffer
      this.log2Table = made.log2Table
      this.constants = made.constants
      this.sums = made.sums
      this.raw = made.raw
      this.smoothed = made.smoothed
      this.scores = made.scores
      this.details = made.details
    } catch (error) {
      for (const made of pools) made.destroy()
      throw error
    }
  }

  /** The buffer for a batch of this many bytes. */
  eventsFor(bytes: number): GPUBuffer {
    if (!this.events || this.events.size < bytes) {
      this.events = this.constant.create('voxrisk events', bytes, Usage.storage | Usage.copyTarget)
    }
    return this.events
  }

  /** Makes room for the pages that these jobs write. */
  reserveFor(jobs: PageJobs): void {
    this.smoothed.reserve(jobs.smoothedSlots)
    const { scoreSlots } = jobs
    this.scores.reserve(scoreSlots)
    this.details?.reserve(scoreSlots)
  }

  /** The priors of the jobs' pages, back to back. */
  packPriors(jobs: PageJobs): Uint32Array {
    const pages = [...jobs].map(({ page }) => this.priors.of(page))
    const words = new Uint32Array(pages.reduce((sum, page) => sum + page.length, 0))
    let at = 0
    for (const page of pages) {
      words.set(page, at)
      at += page.length
    }
    return words
  }

  destroy(): void {
    this.constant.destroy()
    this.raw.destroy()
    this.smoothed.destroy()
    this.scores.destroy()
    this.details?.destroy()
  }
}

function packShape(pipelines: Pipelines, { layer, axes, kernel, settings }: MapShape): Uint32Array {
  const { radii } = kernel
  return packStruct(pipelines.smooth.struct('Shape'), {
    classBins: axes.classBins,
    priceWidth: axes.priceWidth,
    priceRadius: radii.price,
    classRadius: radii.class,
    timeRadius: radii.time,
    centre: kernel.centre,
    shrinkage: layer.kappa * kernel.centre,
    priceWeights: kernel.price,
    classWeights: kernel.class,
    timeWeights: kernel.time,
    settings,
  })
}

/** The table of L as laid out in the uniform of shaders/log2.wgsl: 65 vectors of 4 words. */
function log2Words(): Uint32Array {
  const table = new Uint32Array(260)
  table.set(LOG2_TABLE)
  return table
}
