export type { Picture, ReportData, SizeProfile, Tape } from '../formats/report-document.ts'
