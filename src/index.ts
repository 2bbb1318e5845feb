export { cpuBackend } from './cpu/backend.ts'
export { type ThreadedCpuOptions, threadedCpuBackend } from './cpu/threads/backend.ts'
export type { Thread } from './cpu/threads/thread.ts'
export type { Backend, ScorePages } from './engine/steps.ts'
export { type KeptPlace, NO_SCORE, type ScoredPage } from './engine/work.ts'
export { type ErrorCode, VoxriskError } from './errors.ts'
export { type TickAccount, TickConverter } from './events/convert.ts'
export type { MarkAccount } from './events/marks.ts'
export type { TickColumns } from './events/ticks.ts'
export { type ReadAccount, type TradeChunk, TradeFlag, type TradeSource } from './events/trades.ts'
export type { Kernel } from './grid/kernel.ts'
export type { Digest } from './hotspots/digest.ts'
export { rankHotspots } from './hotspots/rank.ts'
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
export { Measure, type MeasureSettings } from './job/measure.ts'
export type { MapReport } from './job/report.ts'
export type { Stage } from './job/stages.ts'
export { hotspotsToArrow, hotspotsToCsv } from './job/tables.ts'
export type { KeptTrades, TradeDetail } from './layers/trades/detail.ts'
export type { Hotspot, MomentTexts } from './layers/trades/facts.ts'
export type { Grid } from './layers/trades/grid.ts'
export { type KernelRadii, tradeKernel } from './layers/trades/grid.ts'
export type { Totals } from './layers/trades/moments.ts'
export { MOMENTS } from './layers/trades/moments.ts'
export {
  type CalibrateOptions,
  type Calibration,
  calibrate,
  checkCalibration,
  type TermConstants,
  type TickHistory,
} from './map/calibration.ts'
export type { RiskMapObserver } from './map/observers.ts'
export { type MapAccount, type PageRange, RiskMap, type RiskMapOptions, type Voxel } from './map/risk-map.ts'
export { fileFromBlob, fileFromUrl, type TradeFile } from './read/file.ts'
export type { ColumnName, CsvColumns } from './read/format.ts'
export { formatNames } from './read/formats.ts'
export { type OpenOptions, openTrades } from './read/source.ts'
export { memorySpool, type Spool } from './read/spool.ts'
export { type SymbolTrades, tradesBySymbol } from './read/symbols.ts'
export type { Episode } from './sample/episodes.ts'
export { type SampleDay, type SampleOptions, sampleDay } from './sample/sample-day.ts'
export type { Counts } from './units/counts.ts'
export type { Instrument } from './units/instrument.ts'
export { type WebGpuBackendOptions, webgpuBackend } from './webgpu/backend.ts'
