// `voxrisk/engine`: pages, moments, layers and the contract between a map and its backend, for writing
// renderers and backends.

export type { ThreadedCpuOptions } from '../cpu/threads/backend.ts'
export { openPort } from '../cpu/threads/port.ts'
export type { Thread } from '../cpu/threads/thread.ts'
export { BATCH_EVENTS, type Batch, type EventPacker } from '../engine/batch.ts'
export {
  type BinnedEvents,
  constantCount,
  detailWords,
  type Layer,
  type LayerShape,
  sumCount,
} from '../engine/layer.ts'
export { PageJobs, ReleaseJobs, type RetireWork } from '../engine/packing.ts'
export { classOf, pageVoxels, priceOf, RawMoments, voxelInPage } from '../engine/pages.ts'
export type { LayerShaders, Shader, StructLayout } from '../engine/shader.ts'
export type { MapShape, MapSteps, ScorePages } from '../engine/steps.ts'
export {
  type DetailPage,
  type EventBatch,
  type KeptPage,
  type KeptPlace,
  NO_SCORE,
  NO_SLOT,
  type PageChecksum,
  type PageWork,
  type Peak,
  type RawPage,
  type Retired,
  type ScoredPage,
  type TermSums,
} from '../engine/work.ts'
export type { ErrorKind, VoxriskErrorOptions } from '../errors.ts'
export { DEFAULT_LATENESS, OpenBins } from '../events/lateness.ts'
export { type MarkAccount, Marker } from '../events/marks.ts'
export { log2OfInteger, log2Q16 } from '../fixed/log2.ts'
export type { Grid, KernelRadii, TermConstants } from '../formats/calibration.ts'
export type { Digest, MomentTexts } from '../formats/report.ts'
export { type Axes, centrePrice, PAGE_PRICES } from '../grid/axes.ts'
export type { SlabBound } from '../grid/bounds.ts'
export { type AxisRadii, createKernel, type Kernel } from '../grid/kernel.ts'
export { logClass, logClassFrom } from '../grid/log-classes.ts'
export { Digester } from '../hotspots/digest.ts'
export { byVoxel } from '../hotspots/rank.ts'
export type { KeptTrades, TradeDetail } from '../layers/trades/detail.ts'
export { DEFAULT_RADII, tradeKernel } from '../layers/trades/grid.ts'
export { tradesLayer } from '../layers/trades/layer.ts'
export { KAPPA, MOMENT_COUNT, MOMENTS, type Totals } from '../layers/trades/moments.ts'
export { Meta, TICK, TickPacker } from '../layers/trades/pack.ts'
export { type CalibrateOptions, calibrate, mapShape, type TickHistory } from '../map/calibration.ts'
export { CALLS_IN_FLIGHT, type FeedOptions, MapFeed } from '../map/feed.ts'
export type { MapAccount, PageRange, Voxel } from '../map/risk-map.ts'
export type { WebGpuBackendOptions } from '../webgpu/backend.ts'
export { deviceRequest } from '../webgpu/device-request.ts'
