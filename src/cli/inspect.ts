import { Command, Option } from 'commander'
import { type DecimalRange, type Inspection, inspectTrades } from '../job/inspect.ts'
import { findFiles } from '../node/glob.ts'
import { counted, number, timeRange } from '../show/text.ts'
import { counts, factLines, grouped, jsonText, signedPercent, spanText, timeText } from './format.ts'
import { print } from './print.ts'
import { Progress } from './progress.ts'
import { addReadingOptions, FILES_ARGUMENT, openPaths, type ReadingOptions } from './reading.ts'

interface InspectOptions extends ReadingOptions {
  json?: boolean
}

const EXAMPLES = `
Examples:
  voxrisk inspect trades.csv.gz                    what is in it, and what voxrisk map would make of it
  voxrisk inspect AAVE.zip --symbol AAVEUSD        one pair of a Kraken archive
  voxrisk inspect trades.csv --columns time=ts,price=px,size=qty --json

Exit status: 0 done, 1 bad data, 2 wrong usage.`

/** The command `voxrisk inspect`. */
export function inspectCommand(): Command {
  const command = new Command('inspect')
    .summary('tell what files of trades hold: run this first')
    .description(
      'Tell what files of trades hold: format, symbol, span, tick, lot, gaps, jumps and rows that are not read.',
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
    // A file of several symbols ends here with `bad-setting`, which names them. A list of them belongs in its place.
    const source = await openPaths(await findFiles(patterns), options)
    const inspection = await inspectTrades(source, rows => progress.update('read', rows))
    progress.end()
    await print(options.json ? jsonText(inspection) : inspectionText(inspection))
  } finally {
    progress.end()
  }
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
        ? `${signedPercent(largestJump.change)} at most from trade to trade: ${largestJump.from} to ${largestJump.to} at ${timeText(largestJump.time)}`
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
  if (obstacle) lines.push(['WARNING', obstacle.message], ['', obstacle.fix])
  return `${factLines(lines)}\n`
}

function pace(tradesPerSecond: number): string {
  const units: [number, string][] = [
    [1, 'second'],
    [60, 'minute'],
    [3600, 'hour'],
  ]
  const [seconds, unit] = units.find(([seconds]) => tradesPerSecond * seconds >= 1) ?? [86_400, 'day']
  return `${number(tradesPerSecond * seconds, 3)} trades a ${unit}`
}

function rangeText({ low, high, decimals }: DecimalRange): string {
  return `${low} – ${high}, ${decimals === 0 ? 'whole numbers' : `up to ${counted(decimals, 'decimal')}`}`
}

function sidesText({ bought, sold, none }: Inspection['sides']): string {
  if (none === 1) return 'not given: the tick rule sets them'
  const percent = (share: number) => `${number(share * 100, 3)} %`
  const rest = none > 0 ? `, ${percent(none)} not given` : ''
  return `${percent(bought)} bought, ${percent(sold)} sold${rest}`
}
