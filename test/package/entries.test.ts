import { readdir, readFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { ENTRIES } from '../../build/entries.ts'
import manifest from '../../package.json' with { type: 'json' }
import { projectRoot } from '../support/cli.ts'

/** Every name that the package exports. A new name is a promise; removing one breaks programs. */
const EXPORTS: Record<string, { readonly values: string; readonly types: string }> = {
  index: {
    values: `
      calibrateTrades
      checkCalibration
      chooseBackend
      cpuBackend
      ERRORS
      fileFromBlob
      fileFromUrl
      inspectTrades
      isSoftwareAdapter
      MapRun
      mapTrades
      openTrades
      rankHotspots
      RiskMap
      sampleDay
      Session
      sliceTicks
      threadedCpuBackend
      tickBatches
      TickConverter
      VoxriskError
      webgpuBackend`,
    types: `
      Backend
      BackendChoice
      CalibrateTradesOptions
      Calibration
      ChooseBackendOptions
      ChosenBackend
      ErrorCode
      Hotspot
      Instrument
      MapObserver
      MapReport
      MapRunOptions
      MapTradesOptions
      RiskMapObserver
      RiskMapOptions
      SessionOptions
      SessionProgress
      SessionSettings
      Setting
      TickColumns
      TradeFile
      TradeSource`,
  },
  read: {
    values: `
      CHUNK_ROWS
      formatDecimal
      formatNames
      isoTime
      Measure
      memorySpool
      parseDecimal
      sliceTrades
      TIME_WIDTHS
      totalOf
      TradeFlag
      tradesBySymbol
      TradeStore`,
    types: `
      ColumnName
      Counts
      CsvColumns
      Decimal
      DecimalRange
      Episode
      Inspection
      MeasureSettings
      OpenOptions
      ReadAccount
      RowAccount
      SampleDay
      SampleOptions
      Spool
      Stage
      Suggestion
      SymbolTrades
      TickAccount
      TickBatchOptions
      TradeChunk
      TradeStoreOptions`,
  },
  engine: {
    values: `
      BATCH_EVENTS
      byVoxel
      calibrate
      CALLS_IN_FLIGHT
      centrePrice
      classOf
      constantCount
      createKernel
      DEFAULT_LATENESS
      DEFAULT_RADII
      detailWords
      deviceRequest
      Digester
      KAPPA
      log2OfInteger
      log2Q16
      logClass
      logClassFrom
      MapFeed
      mapShape
      Marker
      Meta
      MOMENT_COUNT
      MOMENTS
      NO_SCORE
      NO_SLOT
      OpenBins
      openPort
      PAGE_PRICES
      PageJobs
      pageVoxels
      priceOf
      RawMoments
      ReleaseJobs
      sumCount
      TICK
      TickPacker
      tradeKernel
      tradesLayer
      voxelInPage`,
    types: `
      Axes
      AxisRadii
      Batch
      BinnedEvents
      CalibrateOptions
      DetailPage
      Digest
      ErrorKind
      EventBatch
      EventPacker
      FeedOptions
      Grid
      KeptPage
      KeptPlace
      KeptTrades
      Kernel
      KernelRadii
      Layer
      LayerShaders
      LayerShape
      MapAccount
      MapShape
      MapSteps
      MarkAccount
      MomentTexts
      PageChecksum
      PageRange
      PageWork
      Peak
      RawPage
      Retired
      RetireWork
      ScoredPage
      ScorePages
      Shader
      SlabBound
      StructLayout
      TermConstants
      TermSums
      Thread
      ThreadedCpuOptions
      TickHistory
      Totals
      TradeDetail
      Voxel
      VoxriskErrorOptions
      WebGpuBackendOptions`,
  },
  view: {
    values: `
      defineRiskView
      RiskStill
      RiskView
      RiskViewElement
      RiskVolume`,
    types: `
      BinWindow
      CellFacts
      Inks
      RiskStillDraw
      RiskStillOptions
      RiskViewEvents
      RiskViewOptions
      RiskVolumeDraw
      RiskVolumeOptions
      ViewMeasure
      ViewMode
      ViewPick
      ViewRange
      ViewSize
      ViewTheme`,
  },
  report: {
    values: `
      checkReport
      compareReports
      counted
      duration
      grouped
      hotspotsToArrow
      hotspotsToCsv
      number
      reportDocument
      reportObserver
      sameVoxel
      TIME_STEPS
      timeLabels
      timeSplits`,
    types: `
      Difference
      HotspotComparison
      HotspotPair
      Picture
      RankedHotspot
      ReportComparison
      ReportData
      ReportObserver
      ReportOrigin
      SizeProfile
      Tape`,
  },
  node: {
    values: `
      fileSpool
      findFiles
      openBackend
      openDevice
      openFile
      startThread`,
    types: `
      OpenBackendOptions
      OpenDeviceOptions`,
  },
}

const words = (text: string) => text.split(/\s+/).filter(word => word)

interface Exported {
  readonly name: string
  /** As the module it comes from calls it. */
  readonly original: string
  readonly isType: boolean
  /** File that it comes from. */
  readonly from: string
}

/** What an entry exports; each is nothing but a list of `export … from`. */
async function exportsOf(entry: string): Promise<Exported[]> {
  const path = ENTRIES[entry as keyof typeof ENTRIES]
  const code = await readFile(path, 'utf8')
  const found: Exported[] = []
  const rest = code.replace(
    /^export (type )?\{([^}]*)\} from '([^']+)'\n/gm,
    (_, all: string | undefined, names: string, from: string) => {
      for (const item of names.split(',').filter(name => name.trim())) {
        const [, type, original, name] = /^\s*(type )?(\w+)(?: as (\w+))?\s*$/.exec(item)!
        found.push({
          name: name ?? original,
          original,
          isType: Boolean(all ?? type),
          from: join(path, '..', from),
        })
      }
      return ''
    },
  )
  expect(rest.replace(/^\/\/.*$/gm, '').trim(), `${entry} holds something else`).toBe('')
  return found
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** Members of an exported interface or class that nothing is said about, right above them. */
function silentMembers(code: string, name: string): string[] {
  const { program, comments, errors } = parseSync('file.ts', code)
  expect(errors).toEqual([])
  const docs = comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
  const isSaid = ({ start }: Node) =>
    docs.some(({ end }) => end < start && code.slice(end, start).trim() === '')
  const said = new Set<string>()
  const silent: string[] = []
  for (const member of membersOf(program.body as unknown as Node[], name)) {
    const of = nameOf(member, code)
    // Once is enough for the overloads of a method, and for what is both read and set.
    if (isSaid(member)) said.add(of)
    else if (!said.has(of)) silent.push(`${name}.${of}`)
  }
  return silent
}

/** What callers see of an interface or class: not what is private, or as in the class it extends. */
function membersOf(statements: readonly Node[], name: string): Node[] {
  const declared = statements
    .map(({ declaration }) => declaration as Node | null | undefined)
    .find(one => (one?.id as { readonly name: string } | null | undefined)?.name === name)
  const isType = declared?.type === 'TSInterfaceDeclaration'
  if (!isType && declared?.type !== 'ClassDeclaration') return []
  const members = (declared.body as { readonly body: readonly Node[] }).body
  return members.flatMap(member => {
    const { accessibility, override, computed, kind, value } = member
    if (accessibility === 'private' || override || computed) return []
    if (kind !== 'constructor') return [member]
    const { params } = value as { readonly params: readonly Node[] }
    return params.filter(
      param => param.type === 'TSParameterProperty' && param.accessibility !== 'private' && !param.override,
    )
  })
}

function nameOf(member: Node, code: string): string {
  const named = (member.key ?? member.parameter ?? member) as Node
  return code
    .slice(named.start, named.end)
    .replace(/[:=].*/s, '')
    .trim()
}

test('a member that nothing is said about is found, and only it', () => {
  const code = `export interface Shape {
    /** Said. */
    readonly said: number
    readonly silent: number

    call?(): void
  }
  export class Thing extends Other {
    private hidden = 1
    /** Said. */
    get both() { return 1 }
    set both(value) {}
    override from = 2
    bare() {}
    static made() {}
    constructor(readonly open: number, private readonly shut: number) { super() }
    [Symbol.dispose]() {}
  }`
  expect(silentMembers(code, 'Shape')).toEqual(['Shape.silent', 'Shape.call'])
  expect(silentMembers(code, 'Thing')).toEqual(['Thing.bare', 'Thing.made', 'Thing.open'])
})

describe.each(Object.keys(EXPORTS))('entry %s', entry => {
  test('exports the names of the list', async () => {
    const found = await exportsOf(entry)
    const names = (isType: boolean) => found.filter(one => one.isType === isType).map(({ name }) => name)
    expect(names(false).sort()).toEqual(words(EXPORTS[entry].values).sort())
    expect(names(true).sort()).toEqual(words(EXPORTS[entry].types).sort())
    const module = await import(ENTRIES[entry as keyof typeof ENTRIES])
    expect(Object.keys(module).sort()).toEqual(names(false).sort())
  })

  test('documents every name and every member', async () => {
    const silent: string[] = []
    for (const { original, from } of await exportsOf(entry)) {
      const code = await readFile(from, 'utf8')
      const declared = new RegExp(
        `^export (?:declare )?(?:abstract )?(?:async )?(?:function\\*?|class|interface|type|const|enum) ${original}\\b`,
        'm',
      ).exec(code)
      if (!declared) silent.push(`${original} is not declared in ${relative(projectRoot, from)}`)
      else if (!code.slice(0, declared.index).endsWith('*/\n')) silent.push(original)
      silent.push(...silentMembers(code, original))
    }
    expect(silent).toEqual([])
  })
})

test('the package has these entries and a name lives in one of them', async () => {
  const paths = Object.keys(manifest.exports).filter(path => !/\*|package\.json/.test(path))
  expect(paths.map(path => path.slice(2) || 'index').sort()).toEqual(Object.keys(ENTRIES).sort())
  expect(Object.keys(EXPORTS).sort()).toEqual(
    Object.keys(ENTRIES)
      .filter(name => name !== 'cpu-thread') // a program
      .sort(),
  )
  const all = Object.values(EXPORTS).flatMap(({ values, types }) => words(`${values} ${types}`))
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([])
})

test('the main entry stays small', () => {
  const { values, types } = EXPORTS.index
  expect(words(values).length).toBeLessThanOrEqual(25)
  expect(words(`${values} ${types}`).length).toBeLessThanOrEqual(45)
})

/** What TypeScript resolves without a build is what the package exports. */
test('the sources are found under the names of the entries', async () => {
  const { compilerOptions } = JSON.parse(await readFile(join(projectRoot, 'tsconfig.json'), 'utf8'))
  const pathOf = (name: string) =>
    compilerOptions.paths[name]?.[0] ??
    compilerOptions.paths['voxrisk/*'][0].replace('*', name.slice('voxrisk/'.length))
  for (const [entry, path] of Object.entries(ENTRIES)) {
    const name = entry === 'index' ? 'voxrisk' : `voxrisk/${entry}`
    expect(join(projectRoot, pathOf(name))).toBe(path)
  }
})

/** Modules that a file imports, in its code or in a script inside it. */
function importsIn(code: string): string[] {
  const found = code.matchAll(/(?:\bfrom|\bimport|\bimport\(|\bimport\.meta\.resolve\()\s*['"]([^'"]+)['"]/g)
  return [...found].map(([, name]) => name)
}

test.each([
  ['site', ['voxrisk', 'voxrisk/read', 'voxrisk/report', 'voxrisk/view']],
  ['examples', ['voxrisk', 'voxrisk/read', 'voxrisk/report', 'voxrisk/view']],
  ['bench', ['voxrisk', 'voxrisk/engine', 'voxrisk/read', 'voxrisk/view', 'voxrisk/node']],
])('%s imports public entries only', async (folder, allowed) => {
  const files = await readdir(join(projectRoot, folder), { recursive: true })
  const wrong: string[] = []
  let right = 0
  const sources = files.filter(name => /\.(m?[jt]sx?|html)$/.test(name) && !/^(built|bundled)\W/.test(name))
  for (const file of sources) {
    for (const name of importsIn(await readFile(join(projectRoot, folder, file), 'utf8'))) {
      if (/^voxrisk(\/|$)/.test(name)) {
        if (allowed.includes(name)) right++
        else wrong.push(`${file}: ${name}`)
      }
      const path = relative(projectRoot, join(projectRoot, folder, file, '..', name))
      if (name.startsWith('.') && /^(src|dist)\//.test(path)) wrong.push(`${file}: ${name}`)
    }
  }
  expect(wrong).toEqual([])
  expect(right, `${basename(folder)} imports voxrisk`).toBeGreaterThan(5)
})
