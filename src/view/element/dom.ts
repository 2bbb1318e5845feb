/** Makes an element with attributes and children. Text is never parsed as markup. */
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

/** Changes a node's text only if it differs, so that nothing is laid out or announced again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}
