import { isSoftwareAdapter } from './backend.ts'

/** The adapter WebGPU offers first, and whether it is a GPU. */
export interface ChosenAdapter {
  readonly adapter: GPUAdapter
  readonly isSoftware: boolean
}

/** Asks for the fastest adapter. @returns null when there is none, or WebGPU fails to tell */
export async function chooseAdapter(gpu: GPU): Promise<ChosenAdapter | null> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  return adapter && { adapter, isSoftware: isSoftwareAdapter(adapter.info) }
}

/**
 * What to ask of an adapter, for `adapter.requestDevice()`, so that a map has room: its largest buffers, for more pages, and
 * timestamps where it has them.
 */
export function deviceRequest({ features, limits }: GPUAdapter): GPUDeviceDescriptor {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits
  return {
    label: 'voxrisk',
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  }
}
