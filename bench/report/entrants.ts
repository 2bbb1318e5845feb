/** Who stands on the page: the contestants of all results, each with a name and a colour of its own. */

import { type Html, html } from '../../src/html/html.ts'
import { SOFTWARE, startedText } from '../figures.ts'
import type { BenchmarkResult, Contestant, Measurement } from '../suite/result.ts'

/** A contestant of one result. */
export interface Entrant {
  readonly result: BenchmarkResult
  readonly contestant: Contestant
  /** Unlike all others on the page; a software adapter says so in it. */
  readonly name: string
  /** Class of its colour in style.css: `gpu-1`, `cpu-2`, `peer-1`, `software-1`. */
  readonly tone: string
  /** Chrome is drawn dashed or pale beside Node. */
  readonly chrome: boolean
  readonly software: boolean
}

/** Colours that style.css has of each kind; further ones begin again. */
const TONES: Readonly<Record<Contestant['kind'], readonly [name: string, count: number]>> = {
  gpu: ['gpu', 4],
  cpu: ['cpu', 6],
  peer: ['peer', 3],
  'software-gpu': ['software', 2],
}

/** All contestants in the order of the results, with names that say no more than it takes to tell them apart. */
export function entrants(results: readonly BenchmarkResult[]): Entrant[] {
  const all = results.flatMap(result => result.contestants.map(contestant => ({ result, contestant })))
  const severalMachines = new Set(results.map(machine)).size > 1
  const severalRuntimes = new Set(results.map(({ host }) => host.runtime)).size > 1
  const names = all.map(({ result, contestant }) =>
    [
      shortLabel(contestant),
      severalMachines && hardware(result, contestant),
      severalRuntimes && (result.host.runtime === 'node' ? 'Node' : 'Chrome'),
    ]
      .filter(part => part)
      .join(' · '),
  )
  const tones = new Map<string, string>()
  const counts = new Map<string, number>()
  return all.map(({ result, contestant }, i) => {
    const { kind, label } = contestant
    const key = [kind, label, hardware(result, contestant)].join('\n')
    if (!tones.has(key)) {
      const [tone, count] = TONES[kind]
      const before = counts.get(tone) ?? 0
      counts.set(tone, before + 1)
      tones.set(key, `${tone}-${(before % count) + 1}`)
    }
    const again = names.filter(name => name === names[i]).length > 1
    const name = again ? `${names[i]} · ${startedText(result)}` : names[i]
    const software = kind === 'software-gpu'
    return {
      result,
      contestant,
      name: software ? `${name} (${SOFTWARE})` : name,
      tone: tones.get(key)!,
      chrome: result.host.runtime === 'chrome',
      software,
    }
  })
}

/** A processor under one system. Chrome tells no processor unless it was told. */
export function machine({ host: { processor, system } }: BenchmarkResult): string {
  return `${processor ?? 'processor not told'}, ${system}`
}

/** The adapter or the processor in short: no trade marks, no driver. */
export function hardware({ host }: BenchmarkResult, { kind, runsOn }: Contestant): string {
  const whole = kind === 'gpu' || kind === 'software-gpu' ? runsOn : (host.processor ?? host.system)
  return whole
    .replace(/\((R|TM|C)\)/gi, '')
    .split(/,| @ | with /)[0]
    .replace(/( \d+-core)?( processor| cpu)\s*$/i, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A contestant's name on a page that is about voxrisk: `CPU, 16 threads`, `WebGPU`. */
export function shortLabel({ label }: Contestant): string {
  return label.replace(/^voxrisk on /, '')
}

export function entrantOf(
  all: readonly Entrant[],
  result: BenchmarkResult,
  { contestant }: Pick<Measurement, 'contestant'>,
): Entrant {
  const found = all.find(entrant => entrant.result === result && entrant.contestant.id === contestant)
  if (!found) throw new Error(`no contestant has the id ${contestant}`)
  return found
}

/** The colour of an entrant, as its lines and bars have it. */
export function swatch({ tone, chrome, software }: Entrant): Html {
  return html`<svg class="swatch ${tone}${chrome ? ' chrome' : ''}${software ? ' software' : ''}" width="22" height="12" aria-hidden="true"><rect x="0.5" y="0.5" width="21" height="11" rx="2"/></svg>`
}

export function legend(shown: Iterable<Entrant>): Html {
  return html`<ul class="legend-list">${[...new Set(shown)].map(
    entrant => html`<li>${swatch(entrant)}${entrant.name}</li>`,
  )}</ul>`
}

/** What the title of a section with a software adapter in it ends with. */
export function softwareTitle(shown: readonly Entrant[]): string {
  if (!shown.some(({ software }) => software)) return ''
  return shown.every(({ software }) => software)
    ? ` (${SOFTWARE})`
    : ' (with a software adapter, which is not a GPU figure)'
}

/** What the title of a line chart with a software adapter in it ends with. */
export function dottedTitle(shown: readonly Entrant[]): string {
  return shown.some(({ software }) => software) ? ` (dotted: ${SOFTWARE})` : ''
}
