/**
 * Which rooms of `src` may import which others: only those on floors below their own, never those above or on
 * the same floor. `npm run floors` writes the lint rules for this to build/lint/floors.json. A test fails if
 * they do not match this table.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** From the ground up. */
export const FLOORS: readonly (readonly string[])[] = [
  ['formats', 'fixed'],
  ['errors.ts'],
  ['units'],
  ['events', 'grid'],
  ['engine'],
  ['layers'],
  ['cpu', 'webgpu'],
  ['hotspots'],
  ['map'],
  ['read', 'sample'],
  ['job'],
  ['show'],
  ['html'],
  ['report', 'view', 'node'],
  ['cli'],
  ['entries'],
]

/** Rooms whose code may need Node. */
const NODE_ROOMS = ['node', 'cli']
/** Rooms whose code runs in a document. */
const DOCUMENT_ROOMS = ['view', 'report']

/** Globals of a document, without WebGPU and others that workers have too. */
const DOCUMENT_GLOBALS = [
  'document',
  'window',
  'location',
  'history',
  'localStorage',
  'sessionStorage',
  'customElements',
  'getComputedStyle',
  'matchMedia',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'alert',
  'HTMLElement',
  'HTMLCanvasElement',
  'Element',
  'Node',
  'ResizeObserver',
  'MutationObserver',
  'IntersectionObserver',
]

interface RoomRules {
  readonly includes: readonly string[]
  readonly linter: unknown
}

function rulesOf(room: string, floor: number): RoomRules {
  const beside = FLOORS[floor].filter(other => other !== room)
  const closed = [...beside, ...FLOORS.slice(floor + 1).flat()]
  const path = (name: string) => (name.endsWith('.ts') ? `../${name}` : `**/../${name}/**`)
  const patterns = [
    ...(closed.length > 0
      ? [
          {
            group: closed.map(path),
            message: `src/${room} may import only from floors below its own: see build/floors.ts.`,
          },
        ]
      : []),
    ...(NODE_ROOMS.includes(room)
      ? []
      : [
          {
            group: ['node:*', 'webgpu'],
            message: 'This code runs in browsers too: put anything that needs Node in src/node or src/cli.',
          },
        ]),
  ]
  const denied = Object.fromEntries(
    DOCUMENT_GLOBALS.map(name => [name, 'Only src/view and src/report run in a document.']),
  )
  return {
    includes: [room.endsWith('.ts') ? `src/${room}` : `src/${room}/**`],
    linter: {
      rules: {
        style: {
          ...(patterns.length > 0 && {
            noRestrictedImports: { level: 'error', options: { patterns } },
          }),
          ...(!DOCUMENT_ROOMS.includes(room) && {
            noRestrictedGlobals: { level: 'error', options: { deniedGlobals: denied } },
          }),
        },
      },
    },
  }
}

/** The lint rules of all rooms, as Biome's configuration. */
export function floorRules(): string {
  const overrides = FLOORS.flatMap((rooms, floor) => rooms.map(room => rulesOf(room, floor)))
  return `${JSON.stringify({ overrides }, null, 2)}\n`
}

export const FLOOR_RULES = fileURLToPath(new URL('./lint/floors.json', import.meta.url))

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FLOOR_RULES, floorRules())
