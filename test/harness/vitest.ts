/**
 * What `vitest` is to test files where there is no Vitest: in documents, in workers and in bundles for plain Node. The same
 * runner and the same assertions, without Vitest's processes around them; no `vi`, no snapshots, no `expect.poll`.
 */
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  ChaiStyleAssertions,
  chai,
  type ExpectStatic,
  GLOBAL_EXPECT,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect'

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, suite, test } from '@vitest/runner'

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers])
  chai.use(plugin)

function createExpect(): ExpectStatic {
  const expect = ((value: unknown, message?: string) => chai.expect(value, message)) as ExpectStatic
  const matchers = (globalThis as Record<symbol, unknown>)[ASYMMETRIC_MATCHERS_OBJECT] as object
  Object.assign(expect, chai.expect, matchers)
  expect.getState = () => getState(expect)
  expect.setState = state => setState(state, expect)
  setState({ assertionCalls: 0, isExpectingAssertions: false }, expect)
  Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, configurable: true })
  return expect
}

export const expect = createExpect()
