import type { MapReport } from 'voxrisk'
import { isoTime } from 'voxrisk/read'
import { hotspotsToCsv } from 'voxrisk/report'

export type ExportKind = 'json' | 'csv' | 'png'

/**
 * A file name such as `voxrisk-SAMPLE-PERP-2024-03-05.csv`: the symbol and the day of the last trade.
 * @param last µs since 1970
 */
export function exportName(symbol: string, last: number, kind: ExportKind): string {
  const safe = symbol.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'trades'
  return `voxrisk-${safe}-${isoTime(last).slice(0, 10)}.${kind}`
}

/** The report as `voxrisk map --json` prints it. */
export function jsonOf(report: MapReport): Blob {
  return new Blob([`${JSON.stringify(report, null, 2)}\n`], { type: 'application/json' })
}

/** The hotspots as `voxrisk map --csv` writes them. */
export function csvOf(report: MapReport): Blob {
  return new Blob([hotspotsToCsv(report)], { type: 'text/csv' })
}

/** Long enough for a browser to start the download. */
const KEEP_URL_MS = 60_000

/** Offers a file as a download. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS)
}
