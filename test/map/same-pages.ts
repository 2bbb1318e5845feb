import { expect } from 'vitest'
import type { KeptTrades } from '../../src/layers/trades/detail.ts'

/** Holds pages against others, to the last voxel. `toEqual` alone takes seconds for the numbers of a whole map. */
export function expectSamePages(found: readonly KeptTrades[], expected: readonly KeptTrades[]): void {
  const isSame = found.length === expected.length && found.every((page, i) => isSamePage(page, expected[i]))
  if (!isSame) expect(found).toEqual(expected)
  expect(isSame).toBe(true)
}

function isSamePage(a: KeptTrades, b: KeptTrades): boolean {
  const [parts, others] = [numbersOf(a), numbersOf(b)]
  const isSame = (part: ArrayLike<number>, other: ArrayLike<number>) => {
    let i = 0
    while (i < part.length && part[i] === other[i]) i++
    return i === part.length && i === other.length
  }
  return parts.length === others.length && parts.every((part, i) => isSame(part, others[i]))
}

function numbersOf({ slab, page, scores, detail }: KeptTrades): ArrayLike<number>[] {
  return [[slab, page], scores, ...Object.values(detail ?? {})]
}
