import { Command, Option } from 'commander'
import { VoxriskError } from '../errors.ts'
import type { SymbolList } from '../formats/symbol-list.ts'
import { type DecimalRange, type Inspection, inspectTrades } from '../job/inspect.ts'
import { openFile } from '../node/files.ts'
import { findFiles } from '../node/glob.ts'
import { tradesBySymbol } from '../read/symbols.ts'
import { counted, number, timeRange } from '../show/text.ts'
import { grouped } from '../units/grouped.ts'
import { counts, factLines, jsonText, signedPercent, spanText, timeText } from './format.ts'
import { print } from './print.ts'
import { Progress } from './progress.ts'
import {
  addReadingOptions,
  FILES_ARGUMENT,
  openPaths,
  type ReadingOptions,
  readingOptions,
} from './reading.ts'
import { fixText } from './setting-options.ts'
import { table } from './table.ts'

interface InspectOptions extends ReadingOptions {
  json?: boolean
}

const EXAMPLES = `
Examples:
  voxrisk inspect trades.csv.gz                    what it contains, and how voxrisk map would read it
  voxrisk inspect AAVE.zip --symbol AAVEUSD        one pair of a Kraken archive
  voxrisk inspect trades.csv --columns time=ts,price=px,size=qty --json

Exit status: 0 done, 1 bad data, 2 wrong usage.`

/** The command `voxrisk inspect`. */
export function inspectCommand(): Command {
  const command = new Command('inspect')
    .summary('describe files of trades: run this first')
    .description(
      'Describe files of trades: format, symbol, span, tick, lot, gaps, jumps and rows that are not read. ' +
        'If they hold several symbols and none is chosen, list the symbols.',
    )
    .argument('<file...>', FILES_ARGUMENT)
  return addReadingOptions(command)
    .addOption(new Option('--json', 'print the facts as JSON').helpGroup('Results:'))
    .addHelpText('after', EXAMPLES)
    .action(inspect)
}

async function inspect(patterns: string[], options: InspectOptions): Promise<void> {
  const progress = new Progress(process.stderr)
  try {
    const paths = await findFiles(patterns)
    const inspection = await inspectOrList(paths, options, rows => progress.update('read', rows))
    progress.end()
    const text = 'symbols' in inspection ? symbolsText(inspection) : inspectionText(inspection)
    await print(options.json ? jsonText(inspection) : text)
  } finally {
    progress.end()
  }
}

async function inspectOrList(
  paths: readonly string[],
  options: InspectOptions,
  onProgress: (rows: number) => void,
): Promise<Inspection | SymbolList> {
  // Reading files of several symbols without choosing one throws. Listing the symbols is more helpful.
  try {
    return await inspectTrades(await openPaths(paths, options), onProgress)
  } catch (error) {
    if (!(error instanceof VoxriskError && error.code === 'several-symbols')) throw error
    const symbols = await tradesBySymbol(await Promise.all(paths.map(openFile)), readingOptions(options))
    if (symbols.length === 0) throw error
    return { symbols }
  }
}

function symbolsText({ symbols }: SymbolList): string {
  const list = table(
    [
      { head: 'symbol', align: 'left' },
      { head: 'trades', align: 'right' },
    ],
    symbols.map(({ symbol, trades }) => [symbol, grouped(trades)]),
  )
  return `${counted(symbols.length, 'symbol')}; choose one, e.g. --symbol ${symbols[0].symbol}\n\n${list}\n`
}

function inspectionText(found: Inspection): string {
  const { rows, time, suggested, obstacle, longestGap, largestJump } = found
  const seconds = (Date.parse(time.to) - Date.parse(time.from)) / 1000
  const rate = found.tradesPerSecond
  const lines: [string, string][] = [
    ['format', found.format],
    ['symbol', found.symbol || '(not named)'],
    [
      'rows',
      `${grouped(rows.read)} read = ${grouped(rows.kept)} kept + outside (${counts(rows.outside)}) + rejected (${counts(rows.rejected)})`,
    ],
  ]
  if (Object.keys(rows.noted).length > 0) lines.push(['noted', counts(rows.noted)])
  lines.push(
    ['span', `${timeRange(time)} (${spanText(seconds)}${rate === null ? '' : `, ${pace(rate)}`})`],
    ['longest gap', longestGap ? `${spanText(longestGap.seconds)}, ${timeRange(longestGap)}` : 'none'],
    ['price', rangeText(found.price)],
    [
      'jump',
      largestJump
        ? `${signedPercent(largestJump.change)} at most between consecutive trades: ${largestJump.from} to ${largestJump.to} at ${timeText(largestJump.time)}`
        : 'none: the price never moved',
    ],
    ['size', rangeText(found.size)],
    ['sides', sidesText(found.sides)],
  )
  if (suggested) {
    const { tickSize, lotSize, typicalRange, priceWidth } = suggested
    const width = number(priceWidth * Number(tickSize), 6)
    lines.push(
      ['tick, lot', `${tickSize}, ${lotSize}`],
      ['range', `${number(typicalRange)} in a typical 15 minutes`],
      ['price width', `${width} (${counted(priceWidth, 'tick')}) unless --price-width says otherwise`],
    )
  }
  if (obstacle) lines.push(['WARNING', obstacle.message], ['', fixText(obstacle)])
  return `${factLines(lines)}\n`
}

function pace(tradesPerSecond: number): string {
  const units: [number, string][] = [
    [1, 'second'],
    [60, 'minute'],
    [3600, 'hour'],
  ]
  const [seconds, unit] = units.find(([seconds]) => tradesPerSecond * seconds >= 1) ?? [86_400, 'day']
  return `${number(tradesPerSecond * seconds, 3)} trades per ${unit}`
}

function rangeText({ low, high, decimals }: DecimalRange): string {
  return `${low} – ${high}, ${decimals === 0 ? 'whole numbers' : `up to ${counted(decimals, 'decimal')}`}`
}

function sidesText({ bought, sold, none }: Inspection['sides']): string {
  if (none === 1) return 'not given; the tick rule infers them'
  const percent = (share: number) => `${number(share * 100, 3)} %`
  const rest = none > 0 ? `, ${percent(none)} not given` : ''
  return `${percent(bought)} bought, ${percent(sold)} sold${rest}`
}
