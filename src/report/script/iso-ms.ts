import { isoTime } from '../../units/iso-time.ts'

/** Converts a time in ms, the unit of the charts, to ISO 8601. */
export function isoMs(ms: number): string {
  return isoTime(Math.round(ms * 1000))
}
