import { oncePerDevice } from './per-device.ts'
import { SlicesPainter } from './slices.ts'
import { VolumePainter } from './volume.ts'

/** The painters of a device, shared by all views on it. */
export interface Painters {
  readonly volume: VolumePainter
  readonly slices: SlicesPainter
}

/** @throws {VoxriskError} `device-error` if the device rejects a shader */
export const paintersOf = oncePerDevice(
  async (device: GPUDevice, format: GPUTextureFormat): Promise<Painters> => {
    const [volume, slices] = await Promise.all([
      VolumePainter.create(device, format),
      SlicesPainter.create(device, format),
    ])
    return { volume, slices }
  },
)
