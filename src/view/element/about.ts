import { VoxriskError } from '../../errors.ts'

const EMPTIED =
  'Nothing to show: the map keeps no scores. It was created without keepSlabs, or it was destroyed.'

/**
 * What there is to say about a picture as a whole; empty when there is nothing.
 * @param failure why there is no picture
 * @param isEmptied whether the map has scored something and keeps none of it
 * @param isFlat whether the map has no volume to show
 */
export function aboutText(failure: Error | null, isEmptied: boolean, isFlat: boolean): string {
  if (failure) return failureText(failure)
  if (isEmptied) return EMPTIED
  if (!isFlat) return ''
  return globalThis.navigator.gpu
    ? 'This map is on the CPU: slices only, the volume needs a GPU.'
    : 'No WebGPU here: slices from the CPU, the volume needs a GPU.'
}

function failureText(error: Error): string {
  const message = error.message.replace(/\.$/, '')
  return error instanceof VoxriskError ? `No picture: ${message}. ${error.fix}` : `No picture: ${message}.`
}
