/** A thread that copies its part of shared memory on request: see `ThreadedCopy`. */
import { openPort } from 'voxrisk/engine'
import { copyOnCpu } from './copy.ts'

/** A request to a copying thread. */
export interface CopyCall {
  readonly from: Float64Array
  readonly to: Float64Array
  readonly times: number
}

const port = openPort<null>()
port.onmessage = ({ data }) => {
  const { from, to, times } = data as CopyCall
  copyOnCpu(from, to, times)
  port.postMessage(null)
}
