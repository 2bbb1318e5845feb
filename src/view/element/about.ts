import { VoxriskError } from '../../errors.ts'

const EMPTIED =
  'Nothing to show: the map keeps no scores. It was created with no slabs to keep, or it was destroyed.'

/**
 * The note about the picture as a whole; empty if there is nothing to say.
 * @param failure why there is no picture
 * @param isEmptied whether the map has scored something but keeps none of it
 * @param isFlat whether the map has no volume to show
 */
export function aboutText(failure: Error | null, isEmptied: boolean, isFlat: boolean): string {
  if (failure) return failureText(failure)
  if (isEmptied) return EMPTIED
  if (!isFlat) return ''
  return globalThis.navigator.gpu
    ? 'This map runs on the CPU, so it shows slices only. The volume needs a GPU.'
    : 'WebGPU is not available here, so the map runs on the CPU and shows slices only.'
}

function failureText(error: Error): string {
  const message = error.message.replace(/\.$/, '')
  return error instanceof VoxriskError ? `No picture: ${message}. ${error.fix}` : `No picture: ${message}.`
}
