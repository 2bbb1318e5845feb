import { isSoftwareAdapter } from './backend.ts'

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
