// Made from schemas/hotspot-stream.schema.json by `npm run formats`: change the schema, not this file.

import type { Hotspot, MapRun } from './report.ts'

/** One line of `voxrisk map --ndjson`: first the hotspots in order of time, then one report. */
export type HotspotStreamLine = HotspotLine | ReportLine

/** A line with a hotspot. */
export interface HotspotLine extends Hotspot {
  /** Marks the line as a hotspot. */
  readonly type: 'hotspot'
}

/** The last line: the report without its list of hotspots. */
export interface ReportLine extends MapRun {
  /** Marks the line as the report. */
  readonly type: 'report'
}
