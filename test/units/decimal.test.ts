import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MICROSECOND_POWER,
  microseconds,
  neededDecimals,
  type Parsed,
  parseDecimal,
  parseTime,
  rescaled,
  SCAN_SLACK,
  scanDecimal,
  scanNanoseconds,
  type TimeUnit,
  Verdict,
} from '../../src/units/decimal.ts'
import { runs } from '../support/runs.ts'

const encoder = new TextEncoder()
const MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** Parses `text` surrounded by other digits, so that reading past either end would show. */
function decimal(text: string): [number, number] | Exclude<Verdict, 0> {
  const out: Parsed = { value: -1, decimals: -1 }
  const field = encoder.encode(text)
  const verdict = parseDecimal(encoder.encode(`77${text}77`), 2, 2 + field.length, out)
  return verdict === Verdict.ok ? [out.value, out.decimals] : verdict
}

/** Scans `text` at position `at` of a buffer, followed by a delimiter and the slack. */
function scan(text: string, at: number, read = scanDecimal) {
  return scanBytes(encoder.encode(`${'7'.repeat(at)}${text},${'7'.repeat(SCAN_SLACK)}`), at, read)
}

function scanBytes(bytes: Uint8Array, at: number, read = scanDecimal) {
  const out: Parsed = { value: -1, decimals: -1 }
  const stop = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at, out)
  return { stop, ...out }
}

function time(text: string, unit: TimeUnit): number | undefined {
  const out: Parsed = { value: -1, decimals: -1 }
  const field = encoder.encode(text)
  return parseTime(encoder.encode(`77${text}77`), 2, 2 + field.length, unit, out) ? out.value : undefined
}

/** mantissa × 10^-scale without trailing zeros, in integers only. */
function reduced(mantissa: bigint, scale: number): [bigint, number] {
  if (mantissa === 0n) return [0n, 0]
  while (scale > 0 && mantissa % 10n === 0n) {
    mantissa /= 10n
    scale--
  }
  return scale < 0 ? [mantissa * 10n ** BigInt(-scale), 0] : [mantissa, scale]
}

function expected(mantissa: bigint, scale: number): ReturnType<typeof decimal> {
  const [value, decimals] = reduced(mantissa, scale)
  return value > MAX || decimals > 22 ? Verdict.tooManyDigits : [Number(value), decimals]
}

describe('decimals', () => {
  test.each<[string, number, number]>([
    ['472.15000', 47215, 2],
    ['276.53', 27653, 2],
    ['0.10970000', 1097, 4],
    ['0', 0, 0],
    ['0.000', 0, 0],
    ['0e99', 0, 0],
    ['5', 5, 0],
    ['5.', 5, 0],
    ['.5', 5, 1],
    ['+5', 5, 0],
    ['0007.0', 7, 0],
    ['100', 100, 0],
    ['1e-7', 1, 7],
    ['1.2E+3', 1200, 0],
    ['1500e-2', 15, 0],
    ['12345678.12345678000000000000', 1234567812345678, 8],
    ['9007199254740991', 9007199254740991, 0],
    ['0.0000000000000000000001', 1, 22],
  ])('%s is %d with %d decimals', (text, value, decimals) => {
    expect(decimal(text)).toEqual([value, decimals])
  })

  test.each([
    '',
    '+',
    '-',
    '.',
    '+.',
    '-.',
    'e5',
    '.e5',
    '1e',
    '1e+',
    '1e1.5',
    'NaN',
    'Infinity',
    'inf',
    '-inf',
    '0x10',
  ])('"%s" is no number', text => expect(decimal(text)).toBe(Verdict.notANumber))
  test.each(['1,000', "1'000", '1_000', '1 000', '1.2.3', '1..2', '--5', '+-5', ' 5', '5 ', '5\0', '٣'])(
    '"%s" is no number',
    text => expect(decimal(text)).toBe(Verdict.notANumber),
  )
  test.each(['-5', '-0.5', '-.5', '-1e3', '-0'])('"%s" is negative', text => {
    expect(decimal(text)).toBe(Verdict.negative)
  })
  test.each([
    '9007199254740992',
    '90071992547409.911',
    '1e16',
    '1e999999',
    '1e-23',
    '0.00000000000000000000001',
  ])('"%s" has too many digits', text => expect(decimal(text)).toBe(Verdict.tooManyDigits))

  const digits = (maxLength: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength }).map(list => list.join(''))

  test('any decimal is what BigInt arithmetic makes of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', '+'),
        digits(18),
        fc.option(digits(26), { nil: undefined }),
        fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined }),
        (sign, whole, fraction, exponent) => {
          fc.pre(whole + (fraction ?? '') !== '')
          const text =
            sign +
            whole +
            (fraction === undefined ? '' : `.${fraction}`) +
            (exponent === undefined ? '' : `e${exponent}`)
          const mantissa = BigInt(`0${whole}${fraction ?? ''}`)
          const scale = (fraction ?? '').length - (exponent ?? 0)
          // Digits that exceed 2^53 are refused even if the exponent would bring them back.
          const [plain] = reduced(mantissa, (fraction ?? '').length)
          const want = plain > MAX ? Verdict.tooManyDigits : expected(mantissa, scale)
          expect(decimal(text)).toEqual(want)
        },
      ),
      { numRuns: runs(2000) },
    )
  })

  test('the quick scan agrees with the full grammar or gives up', () => {
    fc.assert(
      fc.property(digits(18), fc.option(digits(26), { nil: undefined }), fc.nat(9), (whole, fraction, at) => {
        const text = fraction === undefined ? whole : `${whole}.${fraction}`
        const found = scan(text, at)
        const mantissa = BigInt(whole + (fraction ?? ''))
        const printed = (fraction ?? '').length
        if (whole === '' || mantissa > MAX || printed > 22) {
          expect(found.stop).toBe(-1)
        } else {
          expect(found).toEqual({ stop: at + text.length, value: Number(mantissa), decimals: printed })
          const needed = neededDecimals(found.value, printed)
          if (mantissa > 0n) expect([rescaled(found.value, printed, needed), needed]).toEqual(decimal(text))
        }
      }),
      { numRuns: runs(5000) },
    )
  })

  test('the quick scan stops at any byte that is not a digit', () => {
    for (let byte = 0; byte < 256; byte++) {
      if (byte >= 48 && byte <= 57) continue
      for (let before = 1; before <= 9; before++) {
        const bytes = encoder.encode(`${'123456789'.slice(0, before)}x77777,${'7'.repeat(SCAN_SLACK)}`)
        bytes[before] = byte
        const { stop, value } = scanBytes(bytes, 0)
        if (byte === 46) expect(stop).toBe(bytes.length - SCAN_SLACK - 1)
        else expect([stop, value]).toEqual([before, Number('123456789'.slice(0, before))])
      }
    }
  })

  test('a change of decimals is exact or refused', () => {
    const value = fc.oneof(
      fc.nat(),
      fc.maxSafeNat(),
      fc.integer({ min: 1, max: 2 ** 21 }).map(n => 2 ** 53 - n),
    )
    const place = fc.integer({ min: 0, max: 22 })
    fc.assert(
      fc.property(value, place, place, (value, decimals, to) => {
        const scaled = BigInt(value) * 10n ** BigInt(Math.max(to - decimals, 0))
        const divisor = 10n ** BigInt(Math.max(decimals - to, 0))
        const want = scaled % divisor === 0n && scaled / divisor <= MAX ? Number(scaled / divisor) : -1
        expect(rescaled(value, decimals, to)).toBe(want)
      }),
      { numRuns: runs(5000) },
    )
  })

  test('implied decimals move the point, and nothing else', () => {
    fc.assert(
      fc.property(
        digits(16),
        fc.option(digits(6), { nil: undefined }),
        fc.nat(9),
        (whole, fraction, implied) => {
          fc.pre(whole !== '')
          const text = fraction === undefined ? whole : `${whole}.${fraction}`
          const mantissa = BigInt(whole + (fraction ?? ''))
          const [plain] = reduced(mantissa, (fraction ?? '').length)
          const want =
            plain > MAX ? Verdict.tooManyDigits : expected(mantissa, (fraction ?? '').length + implied)
          const out: Parsed = { value: -1, decimals: -1 }
          const field = encoder.encode(text)
          const verdict = parseDecimal(field, 0, field.length, out, implied)
          expect(verdict === Verdict.ok ? [out.value, out.decimals] : verdict).toEqual(want)
        },
      ),
      { numRuns: runs(2000) },
    )
  })
})

describe('times', () => {
  test.each<[string, TimeUnit, number]>([
    ['1569974396.557895', 's', 1569974396557895],
    ['1569974394.78865', 's', 1569974394788650],
    ['1569974394.7886509', 's', 1569974394788650],
    ['1633046554', 's', 1633046554000000],
    ['1.569974396557895E9', 's', 1569974396557895],
    ['1569974396557', 'ms', 1569974396557000],
    ['1569974396557.8959', 'ms', 1569974396557895],
    ['1569974396557895', 'us', 1569974396557895],
    ['1569974396557895.9', 'us', 1569974396557895],
    ['1723161255030314999', 'ns', 1723161255030314],
    ['999', 'ns', 0],
    ['0', 's', 0],
    ['2020-03-10 18:25:08', 'iso', Date.UTC(2020, 2, 10, 18, 25, 8) * 1000],
    ['2023-02-27T15:02:26Z', 'iso', Date.UTC(2023, 1, 27, 15, 2, 26) * 1000],
    ['2020-03-10T18:25:08.1234567+02:00', 'iso', Date.UTC(2020, 2, 10, 16, 25, 8) * 1000 + 123456],
    ['2020-03-10T18:25-0130', 'iso', Date.UTC(2020, 2, 10, 19, 55) * 1000],
    ['2024-02-29 00:00:00.5', 'iso', Date.UTC(2024, 1, 29) * 1000 + 500_000],
    ['1970-01-01 00:00:00', 'iso', 0],
  ])('%s in %s', (text, unit, micros) => {
    expect(time(text, unit)).toBe(micros)
  })

  test.each<[string, TimeUnit]>([
    ['', 's'],
    ['-1', 's'],
    ['abc', 's'],
    ['1569974396.5.5', 's'],
    ['12:30', 's'],
    ['9007199255', 's'],
    ['9007199254740992', 'us'],
    ['', 'iso'],
    ['2020-03-10', 'iso'],
    ['2021-02-29 00:00:00', 'iso'],
    ['2020-02-30 00:00:00', 'iso'],
    ['1900-02-29 00:00:00', 'iso'],
    ['2020-04-31 00:00:00', 'iso'],
    ['2020-13-01 00:00:00', 'iso'],
    ['2020-00-01 00:00:00', 'iso'],
    ['2020-01-00 00:00:00', 'iso'],
    ['2020-01-01 24:00:00', 'iso'],
    ['2020-01-01 23:60:00', 'iso'],
    ['2016-12-31 23:59:60', 'iso'],
    ['2020-01-01 23:59:5', 'iso'],
    ['2020-01-01 23:59:59.', 'iso'],
    ['2020-01-01 23:59:59.5x', 'iso'],
    ['2020-01-01x23:59:59', 'iso'],
    ['2020/01/01 23:59:59', 'iso'],
    ['2020-01-01 23:59:59+2', 'iso'],
    ['2020-01-01 23:59:59 02:00', 'iso'],
    ['2020-01-01 23:59:59+25:00', 'iso'],
    ['1969-12-31 23:59:59', 'iso'],
    ['1970-01-01 00:00:00+00:01', 'iso'],
    ['2300-01-01 00:00:00', 'iso'],
  ])('"%s" is no time in %s', (text, unit) => {
    expect(time(text, unit)).toBeUndefined()
  })

  test('counts of any unit are cut to the µs below', () => {
    const unit = fc.constantFrom<[TimeUnit, number]>(['s', 6], ['ms', 3], ['us', 0], ['ns', -3])
    const whole = fc.bigInt({ min: 0n, max: 10n ** 20n })
    fc.assert(
      fc.property(unit, whole, fc.stringMatching(/^\d{0,9}$/), ([name, power], count, fraction) => {
        const text = fraction === '' ? `${count}` : `${count}.${fraction}`
        const scaled = BigInt(`${count}${fraction}`) * 10n ** BigInt(power + 3)
        const micros = scaled / 10n ** BigInt(3 + fraction.length)
        expect(time(text, name)).toBe(micros > MAX ? undefined : Number(micros))
        const found = scan(text, 0, name === 'ns' ? scanNanoseconds : scanDecimal)
        if (found.stop < 0) return // left to parseTime
        const scanned = microseconds(found.value, found.decimals, power)
        if (micros > MAX) expect(scanned).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
        else expect(scanned).toBe(Number(micros))
      }),
      { numRuns: runs(2000) },
    )
  })

  test('plain times of this century are scanned, not left to the full grammar', () => {
    const units = [
      ['1633046554', 's', 1633046554000000],
      ['1569974396.557895', 's', 1569974396557895],
      ['1569974396557', 'ms', 1569974396557000],
      ['1569974396557895', 'us', 1569974396557895],
      ['1723161255030314999', 'ns', 1723161255030314],
      ['1000000000000000000', 'ns', 1000000000000000],
    ] as const
    for (const [text, unit, micros] of units) {
      const found = scan(text, 3, unit === 'ns' ? scanNanoseconds : scanDecimal)
      expect(found.stop).toBe(3 + text.length)
      expect(microseconds(found.value, found.decimals, MICROSECOND_POWER[unit])).toBe(micros)
    }
    for (const text of [
      '172316125503031499',
      '17231612550303149999',
      '9223372036854775807',
      '172316125503031499x',
    ]) {
      expect(scan(text, 0, scanNanoseconds).stop).toBe(-1)
    }
  })

  test('dates are those of the calendar', () => {
    const moment = fc.integer({ min: 0, max: Date.UTC(2255, 0) })
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: -1439, max: 1439 }),
        (ms, us, east) => {
          fc.pre(ms + east * 60_000 >= 0)
          const local = new Date(ms + east * 60_000).toISOString().slice(0, -1)
          const two = (n: number) => String(n).padStart(2, '0')
          const offset = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`
          expect(time(`${local}${String(us).padStart(3, '0')}${offset}`, 'iso')).toBe(ms * 1000 + us)
        },
      ),
      { numRuns: runs(2000) },
    )
  })

  test('a date is accepted exactly when Date.UTC keeps it', () => {
    const part = (max: number) => fc.integer({ min: 0, max })
    fc.assert(
      fc.property(part(200), part(14), part(33), part(25), part(61), part(61), (y, mo, d, h, mi, s) => {
        const year = 1970 + y
        const two = (n: number) => String(n).padStart(2, '0')
        const date = new Date(Date.UTC(year, mo - 1, d, h, mi, s))
        const text = `${year}-${two(mo)}-${two(d)} ${two(h)}:${two(mi)}:${two(s)}`
        const kept = date.toISOString().slice(0, 19).replace('T', ' ') === text
        expect(time(text, 'iso')).toBe(kept ? date.getTime() * 1000 : undefined)
      }),
      { numRuns: runs(2000) },
    )
  })
})
