/** @throws {Error} when the document has no such element */
export function elementOf<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the document has no #${id}`)
  return found as E
}

/** The element that a chart goes into, with room for its title. */
export function chartPanel(id: string): HTMLElement {
  const title = document.createElement('p')
  title.className = 'axis-title'
  const panel = elementOf(id)
  panel.append(title)
  return panel
}

/** Writes above a chart what it shows. */
export function setTitle(id: string, text: string): void {
  const title = elementOf(id).querySelector('.axis-title')
  if (title && title.textContent !== text) title.textContent = text
}
