import { oncePerDevice } from './per-device.ts'
import { SlicesPainter } from './slices.ts'
import { VolumePainter } from './volume.ts'

/** What draws on a device, shared by all views on it. */
export interface Painters {
  readonly volume: VolumePainter
  readonly slices: SlicesPainter
}

/** @throws {VoxriskError} `device-error` when the device refuses a shader */
export const paintersOf = oncePerDevice(
  async (device: GPUDevice, format: GPUTextureFormat): Promise<Painters> => {
    const [volume, slices] = await Promise.all([
      VolumePainter.create(device, format),
      SlicesPainter.create(device, format),
    ])
    return { volume, slices }
  },
)
