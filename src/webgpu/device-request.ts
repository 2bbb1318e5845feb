/** An adapter, and whether it is software. */
export interface ChosenAdapter {
  readonly adapter: GPUAdapter
  readonly isSoftware: boolean
}

/** Requests the fastest adapter. @returns null when there is none, or the request fails */
export async function chooseAdapter(gpu: GPU): Promise<ChosenAdapter | null> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  return adapter && { adapter, isSoftware: isSoftwareAdapter(adapter.info) }
}

/**
 * A descriptor for `adapter.requestDevice()` that suits maps: the adapter's largest buffers, for more pages,
 * and timestamps if it has them.
 */
export function deviceRequest({ features, limits }: GPUAdapter): GPUDeviceDescriptor {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits
  return {
    label: 'voxrisk',
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  }
}

/**
 * Whether an adapter runs on the CPU. An adapter that does not say counts as software, so that nothing is
 * called a GPU that may not be one.
 * @param info `GPUAdapter.info` or `GPUDevice.adapterInfo`; undefined in older browsers
 */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (!info) return true
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|softpipe|basic render|software/i.test(names)
}
