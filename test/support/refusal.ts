import { VoxriskError } from '../../src/errors.ts'

/** What a call is refused with. */
export function refusal(call: () => unknown): Pick<VoxriskError, 'code' | 'message' | 'fix'> {
  try {
    call()
  } catch (error) {
    if (!(error instanceof VoxriskError)) throw error
    const { code, message, fix } = error
    return { code, message, fix }
  }
  throw new Error('it was accepted')
}
