import Table from 'cli-table3'

export interface Column {
  readonly head: string
  readonly align: 'left' | 'right'
}

/** No rules, two spaces between columns. */
const PLAIN = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '',
  },
  style: { 'padding-left': 0, 'padding-right': 2, head: [], border: [], compact: true },
}

/** A table of aligned columns with heads and no rules. */
export function table(columns: readonly Column[], rows: readonly (readonly (string | number)[])[]): string {
  const made = new Table({
    ...PLAIN,
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align),
  })
  for (const row of rows) made.push([...row])
  return made
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n')
}
