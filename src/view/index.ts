export type { Inks } from './frame.ts'
export { RiskView, type RiskViewOptions } from './risk-view.ts'
export { RiskVolume, type RiskVolumeDraw, type RiskVolumeOptions } from './risk-volume.ts'
export type { CellFacts, ViewMeasure, ViewMode, ViewPick, ViewRange, ViewSize } from './types.ts'
