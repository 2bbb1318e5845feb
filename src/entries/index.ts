// `voxrisk`: from trades to a risk map and its hotspots. No DOM, no Node. For writing a renderer or a
// backend, see `voxrisk/engine`.

export { cpuBackend } from '../cpu/backend.ts'
export { threadedCpuBackend } from '../cpu/threads/backend.ts'
export type { Backend } from '../engine/steps.ts'
export { ERRORS, type ErrorCode, VoxriskError } from '../errors.ts'
export { TickConverter } from '../events/convert.ts'
export { sliceTicks, type TickColumns } from '../events/ticks.ts'
export type { TradeSource } from '../events/trades.ts'
export type { Calibration, Instrument } from '../formats/calibration.ts'
export type { Setting } from '../formats/inspection.ts'
export type { Hotspot, MapReport } from '../formats/report.ts'
export { rankHotspots } from '../hotspots/rank.ts'
export { type CalibrateTradesOptions, calibrateTrades } from '../job/calibrate-trades.ts'
export { inspectTrades } from '../job/inspect.ts'
export { type MapObserver, type MapTradesOptions, mapTrades } from '../job/map-trades.ts'
export { MapRun, type MapRunOptions } from '../job/session/map-run.ts'
export {
  Session,
  type SessionOptions,
  type SessionProgress,
  type SessionSettings,
} from '../job/session/session.ts'
export { tickBatches } from '../job/ticks-of.ts'
export { checkCalibration } from '../map/calibration.ts'
export {
  type BackendChoice,
  type ChooseBackendOptions,
  type ChosenBackend,
  chooseBackend,
} from '../map/choose-backend.ts'
export type { RiskMapObserver } from '../map/observers.ts'
export { RiskMap, type RiskMapOptions } from '../map/risk-map.ts'
export { fileFromBlob, fileFromUrl, type TradeFile } from '../read/file.ts'
export { openTrades } from '../read/source.ts'
export { sampleDay } from '../sample/sample-day.ts'
export { webgpuBackend } from '../webgpu/backend.ts'
export { isSoftwareAdapter } from '../webgpu/device-request.ts'
