/** Distance between the pointer and the box, CSS pixels. */
const DISTANCE = 14

/** The box with facts that follows the pointer or appears beside a mark. */
export class Tip {
  constructor(private readonly element: HTMLElement) {}

  /** Shows lines of names and values beside a point of the window. */
  show(
    x: number,
    y: number,
    title: string,
    lines: readonly (readonly [name: string, value: string])[],
  ): void {
    const { element } = this
    const heading = document.createElement('b')
    heading.textContent = title
    const facts = document.createElement('dl')
    for (const [name, value] of lines) {
      const term = document.createElement('dt')
      term.textContent = name
      const fact = document.createElement('dd')
      fact.textContent = value
      facts.append(term, fact)
    }
    element.replaceChildren(heading, facts)
    element.hidden = false
    const { width, height } = element.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    const right = x + DISTANCE + width <= clientWidth
    const left = right ? x + DISTANCE : x - DISTANCE - width
    element.style.left = `${Math.max(4, Math.min(left, clientWidth - width - 4))}px`
    element.style.top = `${Math.max(4, Math.min(y + DISTANCE, clientHeight - height - 4))}px`
  }

  hide(): void {
    this.element.hidden = true
  }
}
