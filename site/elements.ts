/**
 * An element of the document by its id.
 * @throws {Error} if the document has no such element of that kind
 */
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the document has no ${kind.name} #${id}`)
  return found
}
