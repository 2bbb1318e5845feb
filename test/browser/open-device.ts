/** What test/support/open-device.ts is in Node: a device of the page's or worker's own, with the largest buffers there are and timestamps. */
export async function openTestDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new Error('this browser offers no WebGPU adapter')
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  return adapter.requestDevice({
    requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  })
}
