import { deviceRequest } from '../../src/webgpu/device-request.ts'

/**
 * What test/support/open-device.ts is in Node: a device for the document or worker, with timestamps and
 * the largest buffers that the adapter has.
 */
export async function openTestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('this browser offers no WebGPU adapter')
  return adapter.requestDevice(deviceRequest(adapter))
}
