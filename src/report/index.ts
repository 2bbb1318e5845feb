export type { Picture, ReportData, SizeProfile, Tape } from './data.ts'
export { reportDocument } from './document.ts'
export { type ReportObserver, type ReportOrigin, reportObserver } from './observe.ts'
