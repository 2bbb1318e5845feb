// `voxrisk/engine`: pages, moments and the contract between a map and its backend, for renderers and for backends.

export type { ThreadedCpuOptions } from '../cpu/threads/backend.ts'
export { openPort } from '../cpu/threads/port.ts'
export type { Thread } from '../cpu/threads/thread.ts'
export type { MapShape, MapSteps, ScoreConstants, ScorePages } from '../engine/steps.ts'
export {
  type KeptPage,
  type KeptPlace,
  NO_SCORE,
  NO_SLOT,
  type PageChecksum,
  type PageWork,
  type Peak,
  type PicturePage,
  type RawPage,
  type Retired,
  type RetireWork,
  type ScoredPage,
  type TermSums,
  type TickBatch,
} from '../engine/work.ts'
export { DEFAULT_LATENESS, OpenBins } from '../events/lateness.ts'
export { type MarkAccount, Marker } from '../events/marks.ts'
export { PAGE_PRICES, sizeBin, sizeBinFrom } from '../grid/axes.ts'
export { createKernel, DEFAULT_RADII, type Kernel, type KernelRadii } from '../grid/kernel.ts'
export { type Digest, Digester } from '../hotspots/digest.ts'
export { byVoxel } from '../hotspots/rank.ts'
export type { MomentTexts } from '../layers/trades/facts.ts'
export { KAPPA, Meta, MOMENT_COUNT, MOMENTS } from '../layers/trades/moments.ts'
export {
  type CalibrateOptions,
  calibrate,
  mapShape,
  type TermConstants,
  type TickHistory,
} from '../map/calibration.ts'
export { BATCH_TICKS, CALLS_IN_FLIGHT, type FeedOptions, MapFeed, type Totals } from '../map/feed.ts'
export type { MapAccount, PageRange, Voxel } from '../map/risk-map.ts'
export type { WebGpuBackendOptions } from '../webgpu/backend.ts'
export { deviceRequest } from '../webgpu/device-request.ts'
