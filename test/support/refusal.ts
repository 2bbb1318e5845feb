import { VoxriskError } from '../../src/errors.ts'

/** The error that a call is refused with. */
export function refusal(call: () => unknown): Pick<VoxriskError, 'code' | 'message' | 'fix' | 'settings'> {
  try {
    call()
  } catch (error) {
    if (!(error instanceof VoxriskError)) throw error
    const { code, message, fix, settings } = error
    return { code, message, fix, settings }
  }
  throw new Error('it was accepted')
}
