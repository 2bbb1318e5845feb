import { expect, test } from 'vitest'
import { defineRiskView } from '../../src/view/element/define.ts'
import { RiskViewElement } from '../../src/view/element/element.ts'

test('without a DOM the module is imported and defines nothing', () => {
  expect('HTMLElement' in globalThis).toBe(false)
  expect(() => defineRiskView()).not.toThrow()
  expect(RiskViewElement.observedAttributes).toContain('mode')
})
