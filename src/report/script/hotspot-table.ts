/** The table of hotspots. Its headings sort it, and it reports which row is selected or hovered. */
export class HotspotTable {
  private readonly rows: HTMLTableRowElement[]
  private readonly headings: HTMLTableCellElement[]

  constructor(
    private readonly table: HTMLTableElement,
    events: { readonly choose: (rank: number) => void; readonly point: (rank: number | null) => void },
  ) {
    this.rows = [...table.tBodies[0].rows]
    this.headings = [...table.tHead!.rows[0].cells]
    for (const [column, heading] of this.headings.entries()) {
      heading.querySelector('button')?.addEventListener('click', () => this.sort(column))
    }
    for (const row of this.rows) {
      const rank = Number(row.dataset.rank)
      row.addEventListener('click', () => {
        if (!getSelection()?.toString()) events.choose(rank) // otherwise the user is selecting text
      })
      row.addEventListener('pointerenter', () => events.point(rank))
      row.addEventListener('pointerleave', () => events.point(null))
    }
  }

  /** Marks the rows that are selected and hovered on the map. */
  show(chosen: number | null, pointed: number | null): void {
    for (const row of this.rows) {
      const rank = Number(row.dataset.rank)
      row.classList.toggle('chosen', rank === chosen)
      row.classList.toggle('pointed', rank === pointed)
      row.querySelector('button')?.setAttribute('aria-pressed', String(rank === chosen))
    }
  }

  /**
   * Sorts by a column. The first press sorts highest first (rank and time: lowest first), the next one
   * reverses it.
   */
  private sort(column: number): void {
    const heading = this.headings[column]
    const before = heading.getAttribute('aria-sort')
    const lowestFirst = column === 0 || heading.classList.contains('left')
    const ascending = before === 'none' ? lowestFirst : before === 'descending'
    for (const other of this.headings) other.setAttribute('aria-sort', 'none')
    heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending')
    const value = (row: HTMLTableRowElement) => Number(row.cells[column].dataset.value)
    const sorted = [...this.rows].sort((a, b) => (value(a) - value(b)) * (ascending ? 1 : -1))
    this.table.tBodies[0].append(...sorted)
  }
}
