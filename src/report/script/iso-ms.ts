import { isoTime } from '../../units/iso-time.ts'

/** A time in ms, as the charts count it, as ISO 8601. */
export function isoMs(ms: number): string {
  return isoTime(Math.round(ms * 1000))
}
