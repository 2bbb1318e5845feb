export type { Picture, ReportData, SizeProfile, Tape } from './data.ts'
export { reportPage } from './document.ts'
export { type ReportObserver, type ReportOrigin, reportObserver } from './observe.ts'
