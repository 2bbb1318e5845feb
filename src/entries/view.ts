// `voxrisk/view`: draws a map, as an element, as a class for your own canvas, or as a volume in a scene.

export type { ViewTheme } from '../view/element/attributes.ts'
export { defineRiskView } from '../view/element/define.ts'
export { RiskViewElement, type RiskViewEvents } from '../view/element/element.ts'
export type { Inks } from '../view/frame/frame.ts'
export type { BinWindow } from '../view/frame/geometry.ts'
export type { RiskViewOptions } from '../view/options.ts'
export { RiskStill, type RiskStillDraw, type RiskStillOptions } from '../view/risk-still.ts'
export { RiskView } from '../view/risk-view.ts'
export { RiskVolume, type RiskVolumeDraw, type RiskVolumeOptions } from '../view/risk-volume.ts'
export type { CellFacts, ViewMeasure, ViewMode, ViewPick, ViewRange, ViewSize } from '../view/types.ts'
