export { cpuBackend } from './cpu/backend.ts'
export { type ThreadedCpuOptions, threadedCpuBackend } from './cpu/threads/backend.ts'
export type { Thread } from './cpu/threads/thread.ts'
export { type ErrorCode, VoxriskError } from './errors.ts'
export type { Grid } from './grid/axes.ts'
export { createKernel, type Kernel, type KernelRadii } from './grid/kernel.ts'
export { type CalibrateTradesOptions, calibrateTrades } from './job/calibrate-trades.ts'
export { checkReport } from './job/check-report.ts'
export {
  compareReports,
  type Difference,
  type HotspotComparison,
  type HotspotPair,
  type RankedHotspot,
  type ReportComparison,
} from './job/compare.ts'
export { type DecimalRange, type Inspection, inspectTrades, type Suggestion } from './job/inspect.ts'
export { type MapObserver, type MapTradesOptions, mapTrades } from './job/map-trades.ts'
export type { MapReport } from './job/report.ts'
export type { Stage } from './job/stages.ts'
export { hotspotsToArrow, hotspotsToCsv } from './job/tables.ts'
export {
  type Backend,
  type KeptPage,
  type KeptPlace,
  MOMENTS,
  NO_SCORE,
  type PicturePage,
  type ScoredPage,
  type ScorePages,
} from './map/backend.ts'
export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  checkCalibration,
  type TermConstants,
  type TickHistory,
} from './map/calibration.ts'
export type { Digest } from './map/digest.ts'
export type { Totals } from './map/feed.ts'
export { type Hotspot, type MomentTexts, rankHotspots } from './map/hotspots.ts'
export type { RiskMapObserver } from './map/observers.ts'
export { type MapAccount, type PageRange, RiskMap, type RiskMapOptions, type Voxel } from './map/risk-map.ts'
export { fileFromBlob, fileFromUrl, type TradeFile } from './read/file.ts'
export type { ColumnName, CsvColumns } from './read/format.ts'
export { formatNames } from './read/formats.ts'
export { type OpenOptions, openTrades } from './read/source.ts'
export { memorySpool, type Spool } from './read/spool.ts'
export { type SymbolTrades, tradesBySymbol } from './read/symbols.ts'
export { type Counts, type ReadAccount, type TradeChunk, TradeFlag, type TradeSource } from './read/trades.ts'
export type { Episode } from './sample/episodes.ts'
export { type SampleDay, type SampleOptions, sampleDay } from './sample/sample-day.ts'
export { type Instrument, type TickAccount, TickConverter } from './ticks/instrument.ts'
export type { MarkAccount } from './ticks/marks.ts'
export { Measure, type MeasureSettings } from './ticks/measure.ts'
export type { TickColumns } from './ticks/ticks.ts'
export { type WebGpuBackendOptions, webgpuBackend } from './webgpu/backend.ts'
