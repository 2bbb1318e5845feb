import { VoxriskError } from '../errors.ts'

/**
 * @param Kind  ArrayBuffer or SharedArrayBuffer
 * @param bytes a multiple of 8
 * @returns memory filled with zeros
 * @throws {VoxriskError} `out-of-memory`
 */
export function allocate<Memory>(Kind: new (bytes: number) => Memory, bytes: number): Memory {
  try {
    return new Kind(bytes)
  } catch (cause) {
    throw new VoxriskError(
      'out-of-memory',
      `there is no memory for ${bytes} more bytes: ${(cause as Error).message}`,
      'Use wider price bins, shorter time bins or a smaller lateness.',
      { cause, settings: ['priceWidth', 'timeWidth', 'lateness'] },
    )
  }
}
