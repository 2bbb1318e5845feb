import { expect, test } from 'vitest'
import { grouped, groupedText } from '../../src/units/grouped.ts'
import { isoMillis, isoTime } from '../../src/units/iso-time.ts'

test.each([
  [0, undefined, '0'],
  [999, undefined, '999'],
  [1_234_567, undefined, '1,234,567'],
  [1234.5, 2, '1,234.50'],
  [0.125, 0, '0'],
])('%d with %s decimals is grouped as %s', (value, decimals, text) => {
  expect(grouped(value, decimals)).toBe(text)
})

test.each([
  ['123', '123'],
  ['1234567', '1,234,567'],
  ['1234.567800', '1,234.567800'],
  ['9007199254740993.00000001', '9,007,199,254,740,993.00000001'],
])('the decimal text %s is grouped as %s, digit for digit', (decimal, text) => {
  expect(groupedText(decimal)).toBe(text)
})

test.each([
  [0, '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  [1_600_000_000_123_000, '2020-09-13T12:26:40.123Z', '2020-09-13T12:26:40.123Z'],
  [1_600_000_000_123_045, '2020-09-13T12:26:40.123045Z', '2020-09-13T12:26:40.123Z'],
  [-1, '1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999Z'],
])('%d µs is %s, and %s cut to milliseconds', (micros, exact, cut) => {
  expect(isoTime(micros)).toBe(exact)
  expect(isoMillis(micros)).toBe(cut)
})
