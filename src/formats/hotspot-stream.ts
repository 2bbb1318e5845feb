// Made from schemas/hotspot-stream.schema.json by `npm run formats`: change the schema, not this file.

import type { Hotspot, MapRun } from './report.ts'

/** One line of `voxrisk map --ndjson`: the hotspots in the order of time, then one report. */
export type HotspotStreamLine = HotspotLine | ReportLine

/** A line with a hotspot. */
export interface HotspotLine extends Hotspot {
  /** Says that the line is a hotspot. */
  readonly type: 'hotspot'
}

/** The last line: the report without its list of hotspots. */
export interface ReportLine extends MapRun {
  /** Says that the line is the report. */
  readonly type: 'report'
}
