// `voxrisk/report`: a map as HTML, JSON, CSV, Arrow or text, and the comparison of two reports.

export type { Difference, HotspotComparison, HotspotPair, ReportComparison } from '../formats/comparison.ts'
export type { RankedHotspot } from '../formats/report.ts'
export type { Picture, ReportData, SizeProfile, Tape } from '../formats/report-document.ts'
export { sameVoxel } from '../hotspots/rank.ts'
export { checkReport } from '../job/check-report.ts'
export { compareReports } from '../job/compare.ts'
export { hotspotsToArrow, hotspotsToCsv } from '../job/tables.ts'
export { reportDocument } from '../report/document.ts'
export { type ReportObserver, type ReportOrigin, reportObserver } from '../report/observe.ts'
export { counted, duration, number } from '../show/text.ts'
export { TIME_STEPS, timeLabels, timeSplits } from '../show/time-axis.ts'
export { grouped } from '../units/grouped.ts'
