/** A time in whole µs as ISO 8601, UTC, with milliseconds, or microseconds where they are not whole. */
export function isoTime(micros: number): string {
  const iso = new Date(Math.floor(micros / 1000)).toISOString()
  const rest = ((micros % 1000) + 1000) % 1000
  return rest === 0 ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`)
}
