import { RiskViewElement } from './element.ts'

declare global {
  interface HTMLElementTagNameMap {
    'voxrisk-view': RiskViewElement
  }
}

/**
 * Defines the element, by default as `<voxrisk-view>`. Calling it again changes nothing; under a second name it defines an
 * element of its own class. Does nothing where there is no DOM.
 * @throws {DOMException} when the name is no name for an element
 */
export function defineRiskView(name = 'voxrisk-view'): void {
  const registry = globalThis.customElements
  if (!registry || registry.get(name)) return
  // A class can stand under one name only.
  registry.define(
    name,
    registry.getName?.(RiskViewElement) ? class extends RiskViewElement {} : RiskViewElement,
  )
}
