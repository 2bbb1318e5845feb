import type { MapObserver } from '../job/map-trades.ts'
import type { MapReport } from '../job/report.ts'
import type { Calibration } from '../map/calibration.ts'
import type { ReportData } from './data.ts'
import { PictureCollector } from './picture.ts'
import { TapeCollector } from './tape.ts'

/** What a report document says beyond the results of the run. */
export interface ReportOrigin {
  /** Names of the files the trades came from, in order; empty for the built-in sample. */
  readonly sources: readonly string[]
  /** The command line that reproduces the report. */
  readonly command: string
}

/** Watches a map being made and keeps what the report draws. */
export interface ReportObserver extends Required<Pick<MapObserver, 'ticks' | 'page'>> {
  /** The data of the document, once the job is done. */
  data(report: MapReport, origin: ReportOrigin): ReportData
}

/**
 * An observer for `mapTrades` that collects the data of a report document. Its memory is bounded, however
 * long the map is.
 *
 * ```ts
 * let observer: ReportObserver | undefined
 * const observe = (calibration: Calibration) => (observer = reportObserver(calibration))
 * const report = await mapTrades(trades, { backend, observe })
 * const origin = { sources: ['trades.csv'], command: 'voxrisk map trades.csv' }
 * const html = await reportDocument(observer!.data(report, origin))
 * ```
 */
export function reportObserver({ instrument, grid }: Calibration): ReportObserver {
  const picture = new PictureCollector(grid.sizeBins)
  const tape = new TapeCollector(instrument, grid)
  return {
    ticks: columns => tape.add(columns),
    page: page => picture.add(page),
    data: (report, { sources, command }) => ({
      format: 'voxrisk report 1',
      report,
      sources,
      command,
      picture: picture.picture(),
      tape: tape.tape(),
      sizes: tape.sizes(),
    }),
  }
}
