import { VoxriskError } from '../../errors.ts'

/** @throws {VoxriskError} `bad-setting` unless it is a whole number, 0 or more, or ∞ */
export function checkMost(most: number, setting: 'mostTrades' | 'mostHotspots'): number {
  if (most >= 0 && (Number.isInteger(most) || most === Number.POSITIVE_INFINITY)) return most
  throw new VoxriskError(
    'bad-setting',
    `${setting} ${most} is not a count`,
    'Give a whole number, 0 or more, or leave it out.',
    { settings: [setting] },
  )
}
