import './locale.ts'
import {
  type Calibration,
  chooseBackend,
  type MapRun,
  Session,
  type SessionProgress,
  type SessionSettings,
  sampleDay,
  VoxriskError,
} from 'voxrisk'
import { isoTime, type RowAccount, type TradeStore } from 'voxrisk/read'
import { counted, duration, grouped, number, sameVoxel } from 'voxrisk/report'
import { defineRiskView, RiskViewElement } from 'voxrisk/view'
import { backendChoice } from './backend.ts'
import { element } from './elements.ts'
import { csvOf, download, exportName, jsonOf } from './exports.ts'
import { fixText } from './fix-text.ts'
import { Latest } from './latest.ts'
import { Player, SPEEDS } from './player.ts'
import { SettingsForm } from './settings.ts'
import { type Choice, chooseSymbol, tradesOf, wantsSymbol, watchFiles } from './sources.ts'
import { stripOf } from './strip.ts'
import { ThemeSwitch } from './theme.ts'
import { Timeline } from './timeline.ts'

/**
 * The sample that a visitor sees first: enough trades for a map, few enough to appear within seconds on any
 * machine.
 */
const SAMPLE_TRADES = 150_000
const SAMPLE: Choice = {
  name: 'built-in sample, a made-up day',
  open: async () => sampleDay({ trades: SAMPLE_TRADES }).source,
}

/** Jobs shorter than this show no progress, ms. */
const QUIET_MS = 250
/** A seek is left alone this long before a newer one cancels it, ms. */
const SEEK_GRACE_MS = 400
const STRIP_COLUMNS = 480
/**
 * The most slabs a map can keep, so that a file is shown whole. If memory runs out, the oldest are dropped.
 */
const KEPT_SLABS = 10_000

const STAGES: Record<SessionProgress['stage'], string> = {
  read: 'Reading',
  measure: 'Finding tick size, lot size and grid',
  calibrate: 'Learning what is ordinary',
  map: 'Mapping',
}

defineRiskView()
const view = element('view', RiskViewElement)
const text = (id: string, content: string) => {
  element(id, HTMLElement).textContent = content
}
const button = (id: string, action: () => unknown) =>
  element(id, HTMLButtonElement).addEventListener('click', () => void action())

let timeline: Timeline | null = null
const themes = new ThemeSwitch(element('theme', HTMLButtonElement), theme => {
  view.theme = theme
  timeline?.restyle()
})

async function start(): Promise<void> {
  text('version', __VOXRISK_VERSION__)
  const { backend, kind, why } = await chooseBackend({
    gpu: navigator.gpu,
    choice: backendChoice(location.search),
  })
  text('fact-backend', why)
  element('fact-backend', HTMLElement).dataset.kind = kind

  /** The source on show, and the one being opened. */
  let shownName = ''
  let openingName = ''
  let shownCalibration: Calibration | null = null
  let timedStore: TradeStore | null = null
  let spanShown = Promise.resolve()
  let progressSince = 0

  const session = new Session({
    backend,
    keepSlabs: KEPT_SLABS,
    details: true,
    onProgress(progress) {
      if (!progress) {
        progressSince = 0
        element('progress', HTMLElement).hidden = true
        return
      }
      progressSince ||= performance.now()
      if (player.playing || performance.now() - progressSince < QUIET_MS) return
      showProgress(progress)
    },
    onRun(run) {
      shownName = openingName
      const { selected } = view
      const isSameGrid = run !== null && run.calibration === shownCalibration
      shownCalibration = run?.calibration ?? null
      view.map = run?.map ?? null
      if (!run) return
      view.hotspots = run.hotspots
      if (session.trades !== timedStore) view.size = 'all' // the sizes of another source differ
      if (selected && isSameGrid)
        view.selected = run.hotspots.find(({ voxel }) => sameVoxel(voxel, selected.voxel)) ?? null
      settings.show(session.settings, run.calibration)
      if (!session.trades) return
      showFacts(run, session.trades)
      if (session.trades !== timedStore) spanShown = showSpan(session.trades)
    },
    onHotspots: () => showFound(session.run),
  })

  const player = new Player({
    clock: {
      now: () => performance.now(),
      request(callback) {
        const frame = requestAnimationFrame(callback)
        return () => cancelAnimationFrame(frame)
      },
    },
    advance: time => session.seek(time),
    onChange: () => showPlayer(),
    onError: showError,
  })

  const settings = new SettingsForm(change => void work(() => changeGrid(change)))
  const seeks = new Latest<number>(time => work(() => player.seek(time)), SEEK_GRACE_MS)
  const line = new Timeline(
    {
      chart: element('chart', HTMLElement),
      slider: element('scrub', HTMLInputElement),
      rest: element('rest', HTMLElement),
    },
    time => seeks.request(time),
  )
  timeline = line

  /** Opens a source. If that fails, the previous one stays. */
  async function open(choice: Choice): Promise<void> {
    player.pause()
    openingName = choice.name
    await session.open(choice.open)
    await spanShown
    loadPlayer()
  }

  /** Sets the timeline to the span of a source. The first source's map is still growing then. */
  async function showSpan(trades: TradeStore): Promise<void> {
    timedStore = trades
    loadPlayer()
    const strip = await stripOf(trades, STRIP_COLUMNS)
    if (trades !== timedStore) return
    line.load(strip, trades.first, trades.last)
    showTime()
  }

  /** Sets the clock to the position of the map on show. */
  function loadPlayer(): void {
    const { trades, position } = session
    if (trades) player.load(trades.first, trades.last, position)
  }

  async function openFiles(files: readonly File[]): Promise<void> {
    hideError()
    try {
      await open(tradesOf(files))
    } catch (error) {
      if (!wantsSymbol(error)) return showError(error)
      await work(async () => {
        const symbol = await chooseSymbol(files)
        if (symbol === null) throw error
        await open(tradesOf(files, symbol))
      })
    }
  }

  async function changeGrid(change: SessionSettings): Promise<void> {
    const goOn = player.playing
    player.pause()
    openingName = shownName
    try {
      await session.change(change)
      loadPlayer()
    } finally {
      if (goOn) void player.play()
    }
  }

  /** Cancels the current job. Clock and form return to the map on show. */
  async function cancel(): Promise<void> {
    session.cancel()
    await session.settled()
    if (session.run) settings.show(session.settings, session.run.calibration)
    loadPlayer()
  }

  function showTime(): void {
    const clock = `${isoTime(player.time).slice(0, 19).replace('T', ' ')} UTC`
    text('clock', clock)
    line.show(player.time, clock)
  }

  function showPlayer(): void {
    showTime()
    element('play', HTMLButtonElement).textContent = player.playing ? 'Pause' : 'Play'
    const { run } = session
    if (run && run.latest >= player.from) showRows(run.rows)
  }

  function showFacts(run: MapRun, store: TradeStore): void {
    const { calibration } = run
    const { symbol, trades, first, last } = store
    const days = (last - first) / 86_400e6
    const span = `${isoMinute(first)} to ${isoMinute(last)}`
    text(
      'fact-source',
      `${symbol || 'unnamed symbol'}, ${counted(trades, 'trade')}, ${span} (${number(days, 2)} d): ${shownName}`,
    )
    const { grid, instrument, reference } = calibration
    const width = number(grid.priceWidth * Number(instrument.tickSize), 6)
    text(
      'calibration',
      `Learnt from ${counted(reference.ticks, 'trade')} of this source: tick ${instrument.tickSize}, lot ${instrument.lotSize}, ` +
        `bins of ${duration(grid.timeWidth)} × ${width}, ${counted(grid.sizeBins, 'size bin')}, ${counted(reference.voxels, 'voxel')} touched.`,
    )
    if (run.latest >= first) showRows(run.rows)
    showFound(run)
  }

  button('play', () => (player.playing ? player.pause() : player.play()))
  button('all', () => work(() => player.seek(player.to)))
  button('sample', () => work(() => open(SAMPLE)))
  button('cancel', cancel)
  button('error-close', hideError)
  for (const speed of SPEEDS) addSpeed(speed, player)
  watchFiles(files => void openFiles(files))
  addExports(session, player)
  view.addEventListener('error', event => {
    if (event instanceof CustomEvent) showError(event.detail.error)
  })
  view.theme = themes.theme
  await work(() => open(SAMPLE))
}

function addSpeed(speed: number, player: Player): void {
  const label = document.createElement('label')
  const input = document.createElement('input')
  input.type = 'radio'
  input.name = 'speed'
  input.value = `${speed}`
  input.checked = speed === player.speed
  input.addEventListener('change', () => {
    player.speed = speed
  })
  label.append(input, `×${speed}`)
  element('speeds', HTMLFieldSetElement).append(label)
}

function addExports(session: Session, player: Player): void {
  /** Runs an export between two steps of a replay. */
  const withTrades = (action: (trades: TradeStore) => Promise<void>) => () =>
    work(async () => {
      player.pause()
      await session.settled()
      if (session.trades) await action(session.trades)
    })
  const name = ({ symbol, last }: TradeStore, kind: Parameters<typeof exportName>[2]) =>
    exportName(symbol, Math.min(session.position, last), kind)
  button(
    'export-json',
    withTrades(async trades => download(jsonOf(await session.report()), name(trades, 'json'))),
  )
  button(
    'export-csv',
    withTrades(async trades => download(csvOf(await session.report()), name(trades, 'csv'))),
  )
  button(
    'export-png',
    withTrades(async trades => download(await view.toBlob('image/png'), name(trades, 'png'))),
  )
}

function showProgress({ stage, trades, of }: SessionProgress): void {
  element('progress', HTMLElement).hidden = false
  const bar = element('progress-bar', HTMLProgressElement)
  if (of === null) bar.removeAttribute('value')
  else bar.value = Math.min(trades / of, 1)
  text(
    'progress-text',
    `${STAGES[stage]}: ${counted(trades, 'trade')}${of === null ? '' : ` of ${grouped(of)}`}`,
  )
}

/** `read = binned + outside + rejected`, as in the map's account of rows. */
function showRows({ read, binned, outside, rejected }: RowAccount): void {
  const [a, b, c, d] = [read, binned, outside, rejected].map(rows => grouped(rows))
  text('fact-rows', `${a} read = ${b} binned + ${c} outside + ${d} rejected`)
}

function showFound(run: MapRun | null): void {
  if (run) text('found', counted(run.found, 'hotspot'))
}

function isoMinute(micros: number): string {
  return isoTime(micros).slice(0, 16).replace('T', ' ')
}

/** Runs what a visitor asked for and shows its errors. A cancelled action is not an error. */
async function work(action: () => Promise<void>): Promise<void> {
  hideError()
  try {
    await action()
  } catch (error) {
    showError(error)
  }
}

function showError(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return
  const { message } = error instanceof Error ? error : { message: String(error) }
  text('error-message', message)
  text(
    'error-fix',
    error instanceof VoxriskError
      ? fixText(error)
      : 'Reload the page. If the error comes back, please report it.',
  )
  element('error', HTMLElement).hidden = false
}

function hideError(): void {
  element('error', HTMLElement).hidden = true
}

start().catch(showError)
