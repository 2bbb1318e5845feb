/** @throws {Error} if the document has no such element */
export function elementOf<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the document has no #${id}`)
  return found as E
}

/** The element for a chart, with a title added. */
export function chartPanel(id: string): HTMLElement {
  const title = document.createElement('p')
  title.className = 'axis-title'
  const panel = elementOf(id)
  panel.append(title)
  return panel
}

/** Sets the title above a chart. */
export function setTitle(id: string, text: string): void {
  const title = elementOf(id).querySelector('.axis-title')
  if (title && title.textContent !== text) title.textContent = text
}
