import { SlicesPainter } from './slices.ts'
import { VolumePainter } from './volume.ts'

/** What draws on a device, shared by all views on it. */
export interface Painters {
  readonly volume: VolumePainter
  readonly slices: SlicesPainter
}

/** Pipelines live as long as their device. */
const made = new WeakMap<GPUDevice, Map<GPUTextureFormat, Promise<Painters>>>()

/** @throws {VoxriskError} `device-error` when the device refuses a shader */
export function paintersOf(device: GPUDevice, format: GPUTextureFormat): Promise<Painters> {
  const formats = made.get(device) ?? new Map<GPUTextureFormat, Promise<Painters>>()
  made.set(device, formats)
  const painters = formats.get(format) ?? create(device, format)
  formats.set(format, painters)
  return painters
}

async function create(device: GPUDevice, format: GPUTextureFormat): Promise<Painters> {
  const [volume, slices] = await Promise.all([
    VolumePainter.create(device, format),
    SlicesPainter.create(device, format),
  ])
  return { volume, slices }
}
