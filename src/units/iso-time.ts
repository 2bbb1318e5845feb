/** A time in whole µs as ISO 8601, UTC, with milliseconds, or with microseconds if they are not whole. */
export function isoTime(micros: number): string {
  const rest = ((micros % 1000) + 1000) % 1000
  const iso = isoMillis(micros)
  return rest === 0 ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`)
}

/** A time in µs as ISO 8601, UTC, cut to milliseconds. */
export function isoMillis(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString()
}
