/** What the tests of the view do in a document. */

import { rankHotspots } from '../../../src/hotspots/rank.ts'
import type { KeptTrades } from '../../../src/layers/trades/detail.ts'
import type { Hotspot } from '../../../src/layers/trades/facts.ts'
import type { RiskMap } from '../../../src/map/risk-map.ts'
import type { Drawing } from '../../../src/view/drawing.ts'
import { boxPoint } from '../../../src/view/frame/camera.ts'
import type { Frame } from '../../../src/view/frame/frame.ts'
import { Plot } from '../../../src/view/frame/plot.ts'
import { RiskView } from '../../../src/view/risk-view.ts'
import type { ViewMeasure, ViewMode, ViewSize } from '../../../src/view/types.ts'
import { type MapPlace, sampleMap } from './element-document.ts'

export interface Shown {
  readonly where: MapPlace
  readonly mode: ViewMode
  readonly theme: 'light' | 'dark'
  readonly measure?: ViewMeasure
  readonly size?: ViewSize
  readonly width?: number
  readonly height?: number
}

/** A day in bins of half an hour: its cells are several pixels large in small pictures. */
const SAMPLE = { trades: 20_000, timeWidth: 1_800_000_000 }

let view: RiskView | undefined
let map: RiskMap
const selected: (number | null)[] = []

/** The frame that was drawn last; the view keeps it to itself. */
const frameOf = (shown: RiskView) => (shown as unknown as { drawing: Drawing }).drawing.frame as Frame

/** Shows a map in a view of its own, in place of the one before. */
export async function show(shown: Shown): Promise<void> {
  view?.destroy()
  map = await sampleMap(shown.where, SAMPLE)
  const host = document.createElement('div')
  const { width = 360, height = 240 } = shown
  host.style.cssText = `position: relative; width: ${width}px; height: ${height}px`
  const canvas = document.createElement('canvas')
  canvas.style.cssText = 'display: block; width: 100%; height: 100%'
  host.append(canvas)
  document.body.replaceChildren(host)
  document.body.style.margin = '0'
  selected.length = 0
  view = new RiskView({
    canvas,
    onSelect: hotspot => selected.push(hotspot ? view!.hotspots.indexOf(hotspot) : null),
    onError: error => reportError(error),
  })
  view.theme = shown.theme
  view.mode = shown.mode
  view.measure = shown.measure ?? 'score'
  view.map = map
  view.size = shown.size ?? 'all'
  view.hotspots = await hotspotsOf(map)
  await still()
}

const found = new WeakMap<RiskMap, Promise<RiskView['hotspots']>>()

/** Those of a map that has ended; they can be taken once. */
function hotspotsOf(from: RiskMap): Promise<RiskView['hotspots']> {
  const take = async () => {
    const all: Hotspot[] = []
    for await (const hotspot of from.hotspots) all.push(hotspot)
    return rankHotspots(all)
  }
  const taken = found.get(from) ?? take()
  found.set(from, taken)
  return taken
}

/** Resolves when the picture shows the map and no frame is to come. */
export function still(): Promise<void> {
  return view!.settle()
}

/** Frames drawn while the browser shows `count` of its own. */
export async function framesDuring(count: number): Promise<number> {
  const before = view!.frames
  for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame)
  return view!.frames - before
}

/** The picture as data of a PNG file, in base64. */
export async function png(markers: boolean): Promise<string> {
  const hotspots = view!.hotspots
  if (!markers) view!.hotspots = []
  const bytes = new Uint8Array(await (await view!.toBlob()).arrayBuffer())
  view!.hotspots = hotspots
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}

interface Sample {
  readonly x: number
  readonly y: number
  /** Absolute bins. */
  readonly slab: number
  readonly price: number
}

/** Places of the middle of cells, spread over all kept pages, and the size shown there. */
export async function cells(count: number): Promise<Sample[]> {
  const frame = frameOf(view!)
  const plot = new Plot(frame)
  const pages: readonly KeptTrades[] = await map.readPages()
  const all = pages.flatMap(({ slab, page, scores }) =>
    Array.from(scores.subarray(0, 64), (_, x) => ({ slab, price: page * 64 + x })),
  )
  const spread = all.filter((_, i) => i % Math.ceil(all.length / count) === 0)
  return spread
    .map(({ slab, price }) => ({
      slab,
      price,
      x: plot.xOfSlab(slab + 0.5),
      y: plot.yOfBin(price + 0.5),
    }))
    .filter(({ x, y }) => plot.contains(x, y))
}

/** What the kept pages hold of a map on the other backend: the measure of a cell, null where none is scored. */
export async function reference(
  where: MapPlace,
  places: readonly Sample[],
  measure: ViewMeasure,
  size: ViewSize,
): Promise<(number | null)[]> {
  const pages = await (await sampleMap(where, SAMPLE)).readPages()
  return places.map(({ slab, price }) => {
    const page = pages.find(one => one.slab === slab && one.page === Math.floor(price / 64))
    if (!page) return null
    let highest: number | null = null
    for (let voxel = price % 64, bin = 0; voxel < page.scores.length; voxel += 64, bin++) {
      if (page.scores[voxel] === -(2 ** 31) || (size !== 'all' && bin !== size)) continue
      const value = (measure === 'score' ? page.scores : page.detail![measure])[voxel]
      if (highest === null || value > highest) highest = value
    }
    return highest === null ? null : highest / 65_536
  })
}

/** Where a hotspot is drawn, CSS pixels, by its rank from 0; null where it is not to be seen. */
export function place(rank: number): { x: number; y: number } | null {
  const frame = frameOf(view!)
  const { time, price, size } = view!.hotspots[rank].voxel
  if (view!.mode === 'slices' || !view!.canShowVolume) {
    const plot = new Plot(frame)
    return { x: plot.xOfSlab(time + 0.5), y: plot.yOfBin(price + 0.5) }
  }
  const point = boxPoint(frame, { time: time + 0.5, price: price + 0.5, size: size + 0.5 })
  const { camera } = (view as unknown as { drawing: Drawing }).drawing
  return camera.project(point, frame.width, frame.height)
}

export function pick(x: number, y: number): number | null {
  const { hotspot } = view!.pick(x, y)
  return hotspot && view!.hotspots.indexOf(hotspot)
}

export function state(): { frames: number; selected: (number | null)[]; range: unknown; top: number } {
  return { frames: view!.frames, selected: [...selected], range: view!.range, top: view!.top }
}

export function focus(): void {
  view!.overlay.focus()
}

/** Comes so close to a hotspot, by its rank from 0, that cells have footprints. */
export async function closeUp(rank: number): Promise<void> {
  const { time, price } = view!.hotspots[rank]
  const [from, low] = [Date.parse(time.from), Number(price.from)]
  const [width, height] = [Date.parse(time.to) - from, Number(price.to) - low]
  view!.range = { from: from - width, to: from + 2 * width, low: low - 3 * height, high: low + 4 * height }
  await still()
}

export async function change(settings: { measure?: ViewMeasure; size?: ViewSize }): Promise<void> {
  Object.assign(view!, settings)
  await still()
}

export async function facts(x: number, y: number): Promise<unknown> {
  const { cell } = view!.pick(x, y)
  return cell && view!.facts(cell)
}
