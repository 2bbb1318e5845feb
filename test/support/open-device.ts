import { openDevice } from '../../src/node/device.ts'

/** A device for tests, which own it. Any adapter will do, also software: what counts is that the shaders run. */
export function openTestDevice(): Promise<GPUDevice> {
  return openDevice({ software: true })
}
