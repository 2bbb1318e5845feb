/** Makes an element with attributes and children; text is never read as markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** Changes the text of a node only where it differs, so that nothing is laid out or announced again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}
