import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scoreColour } from '../../src/show/colours.ts'
import { Plot } from '../../src/view/frame/plot.ts'
import { type Chrome, openChrome } from '../support/chrome.ts'
import { blankPage, type FrameOptions, frameOver } from './hand-made-pages.ts'
import type { Comparison, Single } from './in-document/slices-pictures.ts'

let chrome: Chrome

beforeAll(async () => {
  chrome = await openChrome()
})

afterAll(() => chrome?.close())

/** Calls an export of test/view/in-document/slices-pictures.ts in the document. */
async function inDocument<Result>(name: string, parameter: unknown): Promise<Result> {
  const call = `import('/test/view/in-document/slices-pictures.ts').then(m => m.${name}(${JSON.stringify(parameter)}))`
  return (await chrome.page.evaluate(call)) as Result
}

const FRAMES: Record<string, FrameOptions> = {
  'the whole, cells joined': {},
  'the whole at a ratio of 2, dark': { ratio: 2, look: { theme: 'dark' } },
  'the whole at a ratio of 1.25': { ratio: 1.25 },
  'the whole at a ratio of 0.5': { ratio: 0.5 },
  'wide, only prices joined': { width: 900, height: 200, ratio: 1.5 },
  'between bins': { part: [0.2213, 0.4571, 0.3303, 0.5507], look: { size: 1 } },
  'single cells': { part: [0.5, 0.5402, 0.21, 0.2601], ratio: 2, look: { theme: 'dark' } },
  'a few large cells': { part: [0.502, 0.528, 0.2511, 0.2663], ratio: 2 },
  'beyond the extent': { part: [-0.4, 1.3, -0.2, 1.7] },
  activity: { part: [0.1, 0.3, 0.1, 0.4], look: { measure: 'activity', size: 2 } },
  volatility: { part: [0.1, 0.3, 0.1, 0.4], look: { measure: 'volatility', top: 2, theme: 'dark' } },
  flow: { part: [0.1, 0.3, 0.1, 0.4], look: { measure: 'flow', top: 1 } },
}

describe('slices in Chrome', () => {
  test('both painters give the same picture', async () => {
    const results = await inDocument<Comparison[]>('comparePainters', Object.values(FRAMES))
    for (const [i, name] of Object.keys(FRAMES).entries()) {
      const { different, worst, drawn, colours } = results[i]
      expect({ name, different, worst }).toEqual({ name, different: 0, worst: 0 })
      expect(drawn, name).toBeGreaterThan(1000)
      expect(colours, name).toBeGreaterThan(3)
    }
    expect(results[0].tiles).toEqual({ times: 2, prices: 8 })
    expect(results[6].tiles).toEqual({ times: 1, prices: 1 })
    expect(chrome.complaints).toEqual([])
  })

  const voxel = { time: 1, price: 70, size: 2 }
  const parts = [3 * 65_536 + 1234, 65_536, -2222] as const
  const singles: Record<string, Single & { measure: number }> = {
    score: { frame: {}, voxel, parts, measure: parts[0] + parts[1] + parts[2] },
    activity: { frame: { look: { measure: 'activity' } }, voxel, parts, measure: parts[0] },
    volatility: {
      frame: { look: { measure: 'volatility', theme: 'dark' } },
      voxel,
      parts,
      measure: parts[1],
    },
    'flow, faint below 0': { frame: { look: { measure: 'flow' } }, voxel, parts, measure: parts[2] },
    'its own size': { frame: { look: { size: 2 } }, voxel, parts, measure: parts[0] + parts[1] + parts[2] },
    'the lowest and oldest, alone in its tile': {
      frame: { height: 120 },
      voxel: { time: 0, price: 0, size: 0 },
      parts: [65_536, 0, 0],
      measure: 65_536,
    },
    'far beyond the top of the scale': {
      frame: { ratio: 2, look: { theme: 'dark' } },
      voxel: { time: 2, price: 127, size: 1 },
      parts: [65_536 * 500, 0, 0],
      measure: 65_536 * 500,
    },
  }
  test.each(Object.entries(singles))('a voxel has the colour of its value: %s', async (_, single) => {
    const pages = [1000, 1001, 1002].flatMap(slab => [7, 8].map(page => blankPage(slab, page)))
    const frame = frameOver(pages, single.frame)
    const plot = new Plot(frame)
    const { top, theme } = frame.look
    const colour = scoreColour(single.measure / 65_536, top, theme)
    const column = plot.columns()[single.voxel.time]
    const row = plot.rows()[Math.floor(single.voxel.price / plot.tiles.prices)]
    const area = (column.to - column.from) * (row.to - row.from)
    expect(area).toBeGreaterThan(100)
    const pictures = await inDocument<Record<string, number>[]>('drawSingle', single)
    const expected = { [[...colour, 255].join(' ')]: area }
    expect(pictures).toEqual([expected, expected])
  })

  test('a voxel of another size is not drawn', async () => {
    const single: Single = { frame: { look: { size: 1 } }, voxel, parts }
    expect(await inDocument('drawSingle', single)).toEqual([{}, {}])
  })
})
