import { RiskViewElement } from './element.ts'

declare global {
  interface HTMLElementTagNameMap {
    'voxrisk-view': RiskViewElement
  }
}

/**
 * Defines the element, by default as `<voxrisk-view>`. Calling it again with the same name changes nothing. A
 * second name defines an element with its own class. Does nothing without a DOM.
 * @throws {DOMException} if the name is not a valid element name
 */
export function defineRiskView(name = 'voxrisk-view'): void {
  const registry = globalThis.customElements
  if (!registry || registry.get(name)) return
  // A class can be registered under one name only.
  registry.define(
    name,
    registry.getName?.(RiskViewElement) ? class extends RiskViewElement {} : RiskViewElement,
  )
}
