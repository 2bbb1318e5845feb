/** What the tests of the element do in a document. Its calls share the maps and elements. */
import { cpuBackend } from '../../../src/cpu/backend.ts'
import type { Backend } from '../../../src/engine/steps.ts'
import { TickConverter } from '../../../src/events/convert.ts'
import { calibrateTrades } from '../../../src/job/calibrate-trades.ts'
import { ticksOf } from '../../../src/job/ticks-of.ts'
import { RiskMap } from '../../../src/map/risk-map.ts'
import { sampleDay } from '../../../src/sample/sample-day.ts'
import { defineRiskView } from '../../../src/view/element/define.ts'
import type { RiskViewElement } from '../../../src/view/element/element.ts'
import type { ViewRange } from '../../../src/view/types.ts'
import { webgpuBackend } from '../../../src/webgpu/backend.ts'
import { openTestDevice } from '../../browser/open-device.ts'
import { columns, madeUpCalibration, miniMarket } from '../../support/ticks.ts'

export type MapPlace = 'cpu' | 'webgpu'

const maps = new Map<MapPlace, Promise<RiskMap>>()
let device: Promise<GPUDevice> | undefined

const ticks = miniMarket(3000, 7)

async function backendOf(place: MapPlace): Promise<Backend> {
  if (place === 'cpu') return cpuBackend()
  device ??= openTestDevice()
  return webgpuBackend(await device)
}

function newMap(backend: Backend, keepSlabs = 10_000): Promise<RiskMap> {
  return RiskMap.create({ backend, calibration: madeUpCalibration(), keepSlabs, details: true })
}

/** A map that has got all its ticks, made once. */
export function fullMap(place: MapPlace): Promise<RiskMap> {
  const make = async () => {
    const map = await newMap(await backendOf(place))
    await map.ingest(columns(ticks))
    await map.flush()
    return map
  }
  const found = maps.get(place) ?? make()
  maps.set(place, found)
  return found
}

/** The only element of the document. */
export function element(): RiskViewElement {
  return document.querySelector('voxrisk-view')!
}

export function newElement(attributes: Readonly<Record<string, string>>): RiskViewElement {
  defineRiskView()
  const made = document.createElement('voxrisk-view')
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/** Puts one element into the document in place of all others. */
export function place(attributes: Readonly<Record<string, string>>): RiskViewElement {
  const made = newElement(attributes)
  document.documentElement.lang = 'en'
  document.body.replaceChildren(made)
  return made
}

/** One element with a map that fills while it is shown, as a live one does. */
export async function placeLive(
  attributes: Readonly<Record<string, string>>,
  where: MapPlace,
): Promise<{ hotspots: number }> {
  const made = place(attributes)
  const map = await newMap(await backendOf(where))
  made.map = map
  const half = Math.floor(ticks.length / 2)
  await map.ingest(columns(ticks.slice(0, half)))
  await map.ingest(columns(ticks.slice(half)))
  await map.flush()
  await stillness()
  return { hotspots: made.hotspots.length }
}

/**
 * One element that shows the first part of a live map until the map has let go of it.
 * @returns what was shown before
 */
export async function placeSliding(): Promise<ViewRange | null> {
  const made = place({})
  const map = await newMap(cpuBackend(), 40)
  made.map = map
  await map.ingest(columns(ticks.slice(0, 500)))
  await map.settle()
  await stillness()
  made.view!.zoom(0.5)
  made.view!.pan(10_000, 0)
  await stillness()
  const before = made.range
  await map.ingest(columns(ticks.slice(500)))
  await map.settle()
  await stillness()
  return before
}

/**
 * Resolves when the picture shows the map and no frame is to come.
 * @returns frames drawn so far
 */
export async function stillness(made = element()): Promise<number> {
  // The element learns its size, its theme and its hotspots in the browser's next frame.
  await frames(2)
  await made.view!.settle()
  return made.view!.frames
}

/** Resolves when the browser has shown so many frames. */
export async function frames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await frame()
}

export function frame(): Promise<number> {
  return new Promise(requestAnimationFrame)
}

/** What the device of the document holds: every buffer and texture that was created and not destroyed. */
export async function countOnDevice(): Promise<() => number> {
  device ??= openTestDevice()
  const opened = await device
  const alive = new Set<GPUBuffer | GPUTexture>()
  const watched = <Made extends GPUBuffer | GPUTexture>(made: Made): Made => {
    alive.add(made)
    const destroy = made.destroy.bind(made)
    made.destroy = () => {
      alive.delete(made)
      destroy()
      return undefined
    }
    return made
  }
  const createBuffer = opened.createBuffer.bind(opened)
  const createTexture = opened.createTexture.bind(opened)
  opened.createBuffer = descriptor => watched(createBuffer(descriptor))
  opened.createTexture = descriptor => watched(createTexture(descriptor))
  return () => alive.size
}

const gone: WeakRef<RiskViewElement>[] = []
let alive: (() => number) | undefined
let observers = 0

/** Shows elements on one map and device and takes them out again, one after the other; they wait for the garbage collection. */
export async function comeAndGo(count: number): Promise<{ drawn: number; alive: number; observers: number }> {
  alive ??= await countOnDevice()
  const map = await fullMap('webgpu')
  map.observe = observer => {
    const stop = RiskMap.prototype.observe.call(map, observer)
    observers++
    return () => {
      observers--
      stop()
    }
  }
  document.body.replaceChildren()
  let drawn = 0
  for (let i = 0; i < count; i++) {
    const made = newElement({ controls: '', list: '', mode: i % 2 ? 'volume' : 'slices' })
    made.style.cssText = 'width: 240px; height: 320px'
    made.map = map
    document.body.append(made)
    const { view } = made
    while (view!.frames === 0) await frame()
    drawn++
    made.remove()
    await view!.settle() // its shaders may still be compiling; the result is released at once
    gone.push(new WeakRef(made))
  }
  await (await device!).queue.onSubmittedWorkDone()
  return { drawn, alive: alive(), observers }
}

/** Elements of `comeAndGo` that the garbage collection has left. */
export function left(): number {
  return gone.filter(reference => reference.deref()).length
}

export interface Sample {
  readonly trades: number
  /** µs. */
  readonly timeWidth: number
}

const samples = new Map<string, Promise<RiskMap>>()

/** A map that has got the generated day, made once. */
export function sampleMap(where: MapPlace, sample: Sample): Promise<RiskMap> {
  const name = JSON.stringify([where, sample])
  const made = samples.get(name) ?? makeSample(where, sample)
  samples.set(name, made)
  return made
}

async function makeSample(where: MapPlace, { trades, timeWidth }: Sample): Promise<RiskMap> {
  const { source } = sampleDay({ trades })
  const calibration = await calibrateTrades(source, { backend: cpuBackend(), timeWidth })
  const map = await RiskMap.create({
    backend: await backendOf(where),
    calibration,
    keepSlabs: 400,
    details: true,
  })
  const converter = new TickConverter(calibration.instrument)
  for await (const batch of ticksOf(source, source.chunks(), converter)) await map.ingest(batch)
  await map.flush()
  return map
}
