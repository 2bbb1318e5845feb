/** What the engine asks of an adapter: its largest buffers, for more pages, and timestamps where it has them. */
export function deviceRequest({ features, limits }: GPUAdapter): GPUDeviceDescriptor {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits
  return {
    label: 'voxrisk',
    requiredFeatures: features.has('timestamp-query') ? ['timestamp-query'] : [],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize },
  }
}
