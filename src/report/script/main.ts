import './locale.ts'
import './pixel-ratio.ts' // before uPlot, see there
import 'uplot/dist/uPlot.min.css'
import './style.css'
import type { MapReport } from '../../job/report.ts'
import type { ReportData } from '../data.ts'
import { unpack } from '../pack.ts'
import { Charts } from './charts.ts'
import { elementOf } from './elements.ts'

async function readData(): Promise<ReportData> {
  const report = JSON.parse(elementOf('voxrisk-report').textContent ?? '') as MapReport
  const drawn = (await unpack((elementOf('voxrisk-drawn').textContent ?? '').trim())) as ReportData
  return { ...drawn, report }
}

readData()
  .then(data => {
    new Charts(data)
    document.documentElement.dataset.ready = ''
  })
  .catch(error => {
    elementOf('map-note').textContent =
      `The charts cannot be drawn here: ${error.message}. The table is complete without them.`
    throw error
  })
