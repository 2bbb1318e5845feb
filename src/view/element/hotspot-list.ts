import type { Hotspot } from '../../layers/trades/facts.ts'
import { decimal, flow, number, priceRange, sizeRange, timeRange } from '../../show/text.ts'
import { grouped } from '../../units/grouped.ts'
import { isSameHotspot } from '../ranked-hotspots.ts'
import { make, setText } from './dom.ts'

/** Most rows in the list. */
const MOST_ROWS = 100

interface Column {
  readonly head: string
  readonly value: (hotspot: Hotspot, rank: number) => number
  readonly text: (hotspot: Hotspot, rank: number) => string
  /** The first press of the heading sorts lowest first. */
  readonly lowestFirst?: true
}

const COLUMNS: readonly Column[] = [
  { head: '#', value: (_, rank) => rank, text: (_, rank) => `${rank}`, lowestFirst: true },
  { head: 'score', value: ({ score }) => score, text: ({ score }) => decimal(score, 2) },
  {
    head: 'time (UTC)',
    value: ({ time }) => Date.parse(time.from),
    text: ({ time }) => timeRange(time).split(' – ')[0],
    lowestFirst: true,
  },
  { head: 'price', value: ({ price }) => Number(price.from), text: ({ price }) => priceRange(price) },
  { head: 'size', value: ({ size }) => Number(size.from), text: ({ size }) => sizeRange(size) },
  { head: 'flow', value: ({ imbalance }) => imbalance, text: ({ imbalance }) => flow(imbalance) },
  { head: 'volume', value: ({ volume }) => volume, text: ({ volume }) => number(volume, 3) },
  {
    head: 'bps/trade',
    value: ({ volatilityBps }) => volatilityBps,
    text: ({ volatilityBps }) => number(volatilityBps, 3),
  },
  { head: 'trades', value: ({ trades }) => trades, text: ({ trades }) => number(trades, 3) },
]

interface Entry {
  readonly rank: number
  readonly hotspot: Hotspot
}

/** The cells of one table row. Its content changes. */
interface Row {
  readonly element: HTMLTableRowElement
  readonly button: HTMLButtonElement
  /** By column; the first is the button. */
  readonly texts: readonly Node[]
  entry: Entry
}

/**
 * A table of the highest hotspots. Its headings sort it. The rank button or a click anywhere in a row selects
 * a hotspot; arrow keys move between rows. The row elements stay and only their content changes, so focus and
 * scroll position survive while a live map adds hotspots.
 */
export class HotspotList {
  readonly element: HTMLElement
  private readonly caption = make('caption')
  private readonly headings = COLUMNS.map(({ head }) =>
    make('th', { scope: 'col', 'aria-sort': 'none' }, make('button', { type: 'button' }, head)),
  )
  private readonly body = make('tbody')
  private readonly rows: Row[] = []
  private entries: readonly Entry[] = []
  private selected: Hotspot | null = null
  private column = 0
  private ascending = true

  /** @param onChoose gets null if the selected hotspot is pressed again */
  constructor(private readonly onChoose: (hotspot: Hotspot | null) => void) {
    this.element = make(
      'div',
      { part: 'list', class: 'list' },
      make('table', {}, this.caption, make('thead', {}, make('tr', {}, ...this.headings)), this.body),
    )
    for (const [column, heading] of this.headings.entries()) {
      heading.addEventListener('click', () => this.sort(column))
    }
    this.body.addEventListener('click', event => this.click(event))
    this.body.addEventListener('keydown', event => this.keydown(event))
    this.body.addEventListener('focusin', ({ target }) => {
      this.offerToTab(this.rows.find(({ button }) => button === target))
    })
    this.showHeadings()
    this.show([])
  }

  /** @param hotspots ranked, highest score first */
  show(hotspots: readonly Hotspot[]): void {
    setText(this.caption, captionOf(hotspots.length))
    this.entries = hotspots.slice(0, MOST_ROWS).map((hotspot, i) => ({ rank: i + 1, hotspot }))
    this.arrange()
  }

  /** Marks the row of a hotspot, if it has one. */
  select(hotspot: Hotspot | null): void {
    this.selected = hotspot
    this.mark()
    const row = hotspot && this.rowOf(hotspot)
    if (!row) return
    this.scrollTo(row)
    if (!this.focused) this.offerToTab(row)
  }

  private rowOf(hotspot: Hotspot): Row | undefined {
    return this.rows.find(({ entry }) => isSameHotspot(entry.hotspot, hotspot))
  }

  private get focused(): Row | undefined {
    const { activeElement } = this.element.getRootNode() as ShadowRoot
    return activeElement ? this.rows.find(({ button }) => button === activeElement) : undefined
  }

  /** The first press sorts highest first (rank and time: lowest first), the next one reverses it. */
  private sort(column: number): void {
    this.ascending = column === this.column ? !this.ascending : COLUMNS[column].lowestFirst === true
    this.column = column
    this.showHeadings()
    this.arrange()
  }

  private showHeadings(): void {
    for (const [column, heading] of this.headings.entries()) {
      const sort = this.ascending ? 'ascending' : 'descending'
      heading.setAttribute('aria-sort', column === this.column ? sort : 'none')
    }
  }

  /** Fills the rows in the current order. Focus stays with its hotspot. */
  private arrange(): void {
    const { rows, body } = this
    const focused = this.focused?.entry.hotspot
    const { value } = COLUMNS[this.column]
    const sign = this.ascending ? 1 : -1
    const sorted = [...this.entries].sort(
      (a, b) => sign * (value(a.hotspot, a.rank) - value(b.hotspot, b.rank)) || a.rank - b.rank,
    )
    for (const [i, entry] of sorted.entries()) {
      if (i === rows.length) {
        rows.push(newRow(entry))
        body.append(rows[i].element)
      }
      fill(rows[i], entry)
    }
    for (const { element } of rows.splice(sorted.length)) element.remove()
    this.mark()
    const kept = focused && this.rowOf(focused)
    if (kept) kept.button.focus({ preventScroll: true })
    if (!rows.some(({ button }) => button.tabIndex === 0)) this.offerToTab(rows[0])
  }

  private mark(): void {
    for (const { element, button, entry } of this.rows) {
      const chosen = isSameHotspot(entry.hotspot, this.selected)
      element.classList.toggle('chosen', chosen)
      button.setAttribute('aria-pressed', String(chosen))
    }
  }

  /** Only one row is a Tab stop; arrow keys move on from there. */
  private offerToTab(row: Row | undefined): void {
    for (const { button } of this.rows) button.tabIndex = button === row?.button ? 0 : -1
  }

  /** Scrolls the list only, not the document. */
  private scrollTo({ element }: Row): void {
    const list = this.element
    const head = this.headings[0].offsetHeight // the heading sticks to the top edge
    const top = element.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientTop
    if (top < head) list.scrollTop += top - head
    else list.scrollTop += Math.max(0, top + element.offsetHeight - list.clientHeight)
  }

  private click({ target }: Event): void {
    const pressed = (target as Element).closest('tr')
    const row = this.rows.find(({ element }) => element === pressed)
    if (!row) return
    const { hotspot } = row.entry
    this.onChoose(isSameHotspot(hotspot, this.selected) ? null : hotspot)
  }

  private keydown(event: KeyboardEvent): void {
    const at = this.rows.findIndex(({ button }) => button === event.target)
    const last = this.rows.length - 1
    const places: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(at + 1, last),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: last,
    }
    const to = places[event.key]
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault() // otherwise the list scrolls too
    this.rows[to].button.focus({ preventScroll: true })
    this.scrollTo(this.rows[to])
  }
}

function captionOf(count: number): string {
  if (count === 0) return 'Hotspots: none yet'
  return count > MOST_ROWS
    ? `Hotspots: the ${MOST_ROWS} highest, ${grouped(count - MOST_ROWS)} more not listed`
    : `Hotspots: ${count}, highest risk first`
}

function newRow(entry: Entry): Row {
  const button = make('button', { type: 'button', tabindex: '-1' })
  const texts: readonly Node[] = [button, ...COLUMNS.slice(1).map(() => make('td'))]
  const element = make('tr', {}, make('td', {}, button), ...texts.slice(1))
  return { element, button, texts, entry }
}

function fill(row: Row, entry: Entry): void {
  const { rank, hotspot } = entry
  row.entry = entry
  for (const [column, { text }] of COLUMNS.entries()) setText(row.texts[column], text(hotspot, rank))
  const name = `Hotspot ${rank}`
  if (row.button.getAttribute('aria-label') !== name) row.button.setAttribute('aria-label', name)
}
