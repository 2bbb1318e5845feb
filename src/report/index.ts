export type { Picture, ReportData, SizeProfile, Tape } from './data.ts'
export { reportScript } from './document.ts'
export { type ReportObserver, type ReportOrigin, reportObserver } from './observe.ts'
