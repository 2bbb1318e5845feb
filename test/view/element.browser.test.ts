import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Chrome, openChrome } from '../support/chrome.ts'

type Harness = typeof import('./in-document/element-document.ts')

let chrome: Chrome

beforeAll(async () => {
  chrome = await openChrome()
  await chrome.page.setViewport({ width: 900, height: 700 })
})
afterAll(() => chrome?.close())

/** Runs a script in the document. It may use the exports of the document's module. */
async function inDocument<Result>(script: string): Promise<Result> {
  const url = '/test/view/in-document/element-document.ts'
  return (await chrome.page.evaluate(
    `import('${url}').then(async harness => { const { ${NAMES.join(', ')} } = harness; ${script} })`,
  )) as Result
}

const NAMES: readonly (keyof Harness)[] = [
  'comeAndGo',
  'element',
  'frame',
  'frames',
  'fullMap',
  'left',
  'newElement',
  'place',
  'placeLive',
  'placeSliding',
  'stillness',
]

/** The texts of the selected elements of the shadow root. */
const texts = (selector: string) =>
  inDocument<string[]>(
    `return [...element().shadowRoot.querySelectorAll('${selector}')].map(found => found.textContent)`,
  )

describe('attributes and properties', () => {
  test('reflect each other; a bad attribute counts as absent', async () => {
    const defaults = { mode: 'volume', measure: 'score', size: 'all', threshold: 1, theme: 'auto' }
    const read = `const read = ({ mode, measure, size, threshold, theme }) => ({ mode, measure, size, threshold, theme });`
    const found = await inDocument<Record<string, unknown>>(`${read}
      const bare = read(newElement({}))
      const bad = read(newElement({ mode: 'x', measure: '', size: '-1', threshold: 'x', theme: 'Dark' }))
      const good = newElement({ mode: 'slices', measure: 'flow', size: '3', threshold: '0.5', theme: 'dark' })
      const set = newElement({})
      Object.assign(set, { mode: 'slices', measure: 'flow', size: 3, threshold: 0.5, theme: 'dark', controls: true, list: true, label: 'AAVE' })
      return { bare, bad, good: read(good), attributes: set.outerHTML, controls: set.controls, label: set.label }`)
    const all = { mode: 'slices', measure: 'flow', size: 3, threshold: 0.5, theme: 'dark' }
    expect(found).toMatchObject({ bare: defaults, bad: defaults, good: all, controls: true, label: 'AAVE' })
    expect(found.attributes).toBe(
      '<voxrisk-view mode="slices" measure="flow" size="3" threshold="0.5" theme="dark" controls="" list="" label="AAVE"></voxrisk-view>',
    )
  })

  test('a bad property throws and changes nothing', async () => {
    const codes = await inDocument<string[]>(`
      const made = newElement({})
      const bad = { mode: 'x', measure: null, size: 1.5, threshold: NaN, theme: 1, map: {}, hotspots: 1, range: { from: 1 } }
      const codes = Object.entries(bad).map(([name, value]) => {
        try { made[name] = value } catch (error) { return name + ' ' + error.code }
        return name
      })
      return [...codes, made.outerHTML]`)
    const names = ['mode', 'measure', 'size', 'threshold', 'theme', 'map', 'hotspots', 'range']
    expect(codes).toEqual([...names.map(name => `${name} bad-setting`), '<voxrisk-view></voxrisk-view>'])
  })

  test('undefined, as frameworks give it, makes a property absent', async () => {
    const found = await inDocument<string>(`
      const made = newElement({ mode: 'slices', measure: 'flow', size: '3', threshold: '0.5', theme: 'dark' })
      for (const name of ['mode', 'measure', 'size', 'threshold', 'theme']) made[name] = undefined
      return made.outerHTML`)
    expect(found).toBe('<voxrisk-view></voxrisk-view>')
  })

  test('properties set before the definition are taken over', async () => {
    const found = await inDocument<unknown>(`
      const early = document.createElement('early-view')
      early.mode = 'slices'
      early.list = true
      document.body.replaceChildren(early)
      const { defineRiskView } = await import('/src/view/element/define.ts')
      defineRiskView('early-view')
      defineRiskView('early-view')
      const found = { mode: early.getAttribute('mode'), own: Object.hasOwn(early, 'mode'), list: early.list, shown: early.view.mode }
      early.remove()
      return found`)
    expect(found).toEqual({ mode: 'slices', own: false, list: true, shown: 'slices' })
  })
})

describe('a map on the CPU', () => {
  let hotspots = 0

  beforeAll(async () => {
    ;({ hotspots } = await inDocument<{ hotspots: number }>(
      `return placeLive({ controls: '', list: '' }, 'cpu')`,
    ))
  })

  test('is shown as slices, and the note says why', async () => {
    expect(hotspots).toBeGreaterThan(20)
    expect(await texts('.about')).toEqual([
      'This map runs on the CPU, so it shows slices only. The volume needs a GPU.',
    ])
    const volume = `element().shadowRoot.querySelector('input[value=volume]')`
    expect(await inDocument(`return { disabled: ${volume}.disabled, checked: ${volume}.checked }`)).toEqual({
      disabled: true,
      checked: false,
    })
  })

  test('without WebGPU the note says so', async () => {
    const about = await inDocument(`
      const own = Object.getOwnPropertyDescriptor(Navigator.prototype, 'gpu')
      Object.defineProperty(Navigator.prototype, 'gpu', { configurable: true, get: () => undefined })
      try {
        const { map, hotspots } = element()
        const made = place({ mode: 'volume' })
        made.map = map
        made.hotspots = hotspots
        await stillness()
        made.setAttribute('controls', '')
        made.setAttribute('list', '')
        return made.shadowRoot.querySelector('.about').textContent
      } finally {
        Object.defineProperty(Navigator.prototype, 'gpu', own)
      }`)
    expect(about).toBe('WebGPU is not available here, so the map runs on the CPU and shows slices only.')
  })

  test('the list is a table, linked with the picture both ways', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const told = []
      const made = element()
      made.addEventListener('hotspot-select', ({ detail }) => told.push(made.hotspots.indexOf(detail.hotspot)))
      const table = made.shadowRoot.querySelector('table')
      await frame(); await frame()
      const buttons = [...table.querySelectorAll('tbody button')]
      const pressed = () => buttons.filter(button => button.getAttribute('aria-pressed') === 'true').map(button => button.textContent)
      buttons[2].click()
      const byList = pressed()
      const facts = made.shadowRoot.querySelector('.facts').textContent
      scrollTo(0, 0)
      made.selected = made.hotspots[buttons.length - 1]
      const list = made.shadowRoot.querySelector('.list')
      const row = buttons.at(-1).closest('tr').getBoundingClientRect(), box = list.getBoundingClientRect()
      const last = { pressed: pressed().length, seen: row.top >= box.top && row.bottom <= box.bottom + 1, scrolled: list.scrollTop > 0, page: scrollY }
      const score = made.hotspots[2].score.toFixed(2)
      buttons.at(-1).click()
      return { caption: table.caption.textContent, rows: buttons.length, byList, facts, score, last, cleared: made.selected, told }`)
    const rows = Math.min(hotspots, 100)
    expect(found).toMatchObject({
      rows,
      byList: ['3'],
      last: { pressed: 1, seen: true, scrolled: true, page: 0 },
      cleared: null,
      told: [2, rows - 1, -1],
    })
    expect(found.facts).toContain(`score ${found.score}, `)
    expect(found.caption).toMatch(/^Hotspots: /)
  })

  test('headings sort, and say so', async () => {
    const found = await inDocument<{ sort: string[]; scores: number[] }>(`
      const { shadowRoot } = element()
      const heading = shadowRoot.querySelectorAll('th')[1]
      heading.firstChild.click()
      heading.firstChild.click()
      const sort = [...shadowRoot.querySelectorAll('th')].map(found => found.getAttribute('aria-sort'))
      const scores = [...shadowRoot.querySelectorAll('tbody tr')].map(row => Number(row.cells[1].textContent))
      shadowRoot.querySelector('th button').click()
      return { sort, scores }`)
    expect(found.sort.slice(0, 3)).toEqual(['none', 'ascending', 'none'])
    expect(found.scores).toEqual([...found.scores].sort((a, b) => a - b))
  })

  test('an update keeps the focus on its hotspot and the list at its scroll position', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const made = element(), { shadowRoot } = made
      const list = shadowRoot.querySelector('.list')
      list.scrollTop = 120
      const all = made.hotspots
      shadowRoot.querySelectorAll('tbody button')[7].focus({ preventScroll: true })
      made.hotspots = all.slice(3)
      await frame(); await frame()
      const found = { focused: shadowRoot.activeElement.textContent, scroll: list.scrollTop }
      made.hotspots = all
      await frame(); await frame()
      return found`)
    expect(found).toEqual({ focused: '5', scroll: 120 })
  })

  test('zoom reports the range, reset reports that all is shown', async () => {
    const told = await inDocument<unknown[]>(`
      const told = []
      element().addEventListener('range-change', ({ detail }) => told.push(detail.range))
      const [zoomIn, , reset] = element().shadowRoot.querySelectorAll('.buttons button')
      zoomIn.click()
      await stillness()
      const { from, to } = element().range
      reset.click()
      return [told.length, from < to, told.at(-1), element().range]`)
    expect(told).toEqual([2, true, null, null])
  })

  test('taken out and put back it shows the same', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const made = element()
      made.selected = made.hotspots[4]
      made.view.zoom(0.5)
      const range = JSON.stringify(made.range)
      const before = { view: made.view, hotspots: made.hotspots.length }
      made.remove()
      const between = made.view
      document.body.append(made)
      await stillness()
      const sameRange = range !== 'null' && JSON.stringify(made.view.range) === range
      made.range = null
      return { sameRange, between, isOther: made.view !== before.view, hotspots: made.hotspots.length === before.hotspots,
        shown: made.view.hotspots.length === before.hotspots, rank: made.hotspots.indexOf(made.view.selected) }`)
    expect(found).toEqual({
      sameRange: true,
      between: null,
      isOther: true,
      hotspots: true,
      shown: true,
      rank: 4,
    })
  })

  test('hotspots are ranked outside the document too', async () => {
    const ranked = await inDocument<boolean[]>(`
      const made = newElement({})
      const { map, hotspots } = element()
      made.map = map
      made.hotspots = hotspots.toReversed()
      const isRanked = () => made.hotspots.length > 1 && made.hotspots.every((hotspot, i) => hotspot === hotspots[i])
      const out = isRanked()
      document.body.append(made)
      await frame()
      await frame()
      const found = [out, isRanked(), made.view.hotspots[0] === hotspots[0]]
      made.remove()
      return found`)
    expect(ranked).toEqual([true, true, true])
  })

  test('theme and custom properties reach the inks', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const made = element()
      made.theme = 'dark'
      const dark = { ...made.view.inks, theme: made.view.theme }
      made.style.setProperty('--accent-of-document', 'rgb(1, 2, 3)')
      made.style.setProperty('--voxrisk-accent', 'var(--accent-of-document)')
      made.style.setProperty('--voxrisk-font', 'Courier')
      made.theme = 'light'
      const { background, accent, font } = made.view.inks
      made.removeAttribute('style')
      return { dark, background, accent, font }`)
    expect(found).toMatchObject({
      dark: { theme: 'dark', background: 'rgb(22, 26, 32)' },
      background: 'rgb(255, 255, 255)',
      accent: 'rgb(1, 2, 3)',
      font: '12px Courier',
    })
  })

  test('the reader’s dark colours are followed', async () => {
    await inDocument(`element().theme = 'auto'`)
    for (const value of ['dark', 'light']) {
      await chrome.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
      await chrome.page.waitForFunction(
        theme => document.querySelector('voxrisk-view')!.view!.theme === theme,
        {},
        value,
      )
    }
  })

  test('no frame without news, one after a change', async () => {
    const frames = await inDocument<number[]>(`
      const before = await stillness()
      await frames(30)
      const after = element().view.frames
      const changes = []
      for (const change of [{ measure: 'flow' }, { size: 2 }, { selected: element().hotspots[3] }, { theme: 'dark' }]) {
        const earlier = element().view.frames
        Object.assign(element(), change)
        changes.push((await stillness()) - earlier)
      }
      Object.assign(element(), { measure: 'score', size: 'all', selected: null, theme: 'auto' })
      return [after - before, ...changes]`)
    expect(frames).toEqual([0, 1, 1, 1, 1])
  })

  test('Tab leads through it; keys choose and clear', async () => {
    const { keyboard } = chrome.page
    const focused = () =>
      inDocument<string>(`
        const { activeElement } = element().shadowRoot
        return activeElement?.getAttribute('aria-label') ?? (activeElement?.closest('label') ?? activeElement)?.textContent ?? ''`)
    const selected = () => inDocument<number>(`return element().hotspots.indexOf(element().selected)`)
    await inDocument(
      `element().selected = null; document.activeElement?.blur(); getSelection().removeAllRanges()`,
    )
    const walk: string[] = []
    for (let i = 0; i < 7; i++) {
      await keyboard.press('Tab')
      walk.push(await focused())
    }
    expect(walk.map(name => name.slice(0, 8))).toEqual([
      'Slices',
      'Zoom in',
      'Zoom out',
      'Reset',
      'MeasureS',
      'Sizeall ',
      'Risk map',
    ])
    await keyboard.press('n')
    expect(await selected()).toBe(0)
    await keyboard.press('Escape')
    expect(await selected()).toBe(-1)
    const headings = await inDocument<number>(
      `return [...element().shadowRoot.querySelectorAll('th')].filter(heading => heading.checkVisibility()).length`,
    )
    for (let i = 0; i < headings + 1; i++) await keyboard.press('Tab')
    expect(await focused()).toBe('Hotspot 1')
    await keyboard.press('ArrowDown')
    expect(await focused()).toBe('Hotspot 2')
    await keyboard.press('Enter')
    expect(await selected()).toBe(1)
    await keyboard.press('Space')
    expect(await selected()).toBe(-1)
  })

  test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async theme => {
    await chrome.page.evaluate(axe.source)
    await inDocument(
      `element().theme = '${theme}'; element().selected = element().hotspots[1]; await stillness()`,
    )
    const result = (await chrome.page.evaluate(`axe.run(document.querySelector('voxrisk-view'))`)) as {
      readonly violations: readonly {
        readonly id: string
        readonly impact: string
        readonly nodes: readonly { readonly target: unknown }[]
      }[]
      readonly passes: readonly { readonly id: string }[]
    }
    expect(result.passes.map(({ id }) => id)).toContain('color-contrast')
    const serious = result.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
  })
})

describe('a live map', () => {
  test('that releases shown slabs moves the range, and reports it', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const told = []
      document.addEventListener('range-change', ({ detail }) => told.push(detail.range), { capture: true })
      const before = await placeSliding()
      const made = element()
      const [first] = made.map.keptPages
      const from = first.slab * made.map.grid.timeWidth / 1000
      return { isKept: made.range.from >= from, wasKept: before.from >= from,
        last: JSON.stringify(told.at(-1)) === JSON.stringify(made.range), same: JSON.stringify(made.view.range) === JSON.stringify(made.range) }`)
    expect(found).toEqual({ isKept: true, wasKept: false, last: true, same: true })
  })

  test('that is destroyed leaves an empty picture that says so, and no error', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const made = element()
      const errors = []
      made.addEventListener('error', ({ detail }) => errors.push(detail.error.message))
      const before = await stillness()
      const { overlay } = made.view
      const inked = () => {
        const copy = new OffscreenCanvas(overlay.width, overlay.height).getContext('2d')
        copy.drawImage(overlay, 0, 0)
        return copy.getImageData(0, 0, overlay.width, overlay.height).data.some(Boolean)
      }
      const was = inked()
      made.map.destroy()
      return { frames: (await stillness()) - before, was, is: inked(), errors, about: made.shadowRoot.querySelector('.about').textContent }`)
    expect(found).toEqual({
      frames: 1,
      was: true,
      is: false,
      errors: [],
      about: expect.stringContaining('destroyed'),
    })
  })
})

describe('a map on the GPU', () => {
  test('is shown as a volume with an adjustable threshold', async () => {
    const found = await inDocument<Record<string, unknown>>(`
      const made = place({ controls: '' })
      made.style.cssText = 'width: 300px; height: 360px'
      made.map = await fullMap('webgpu')
      await stillness()
      const slider = made.shadowRoot.querySelector('input[type=range]')
      slider.value = '3'
      slider.dispatchEvent(new Event('input'))
      const blob = await made.toBlob()
      const found = { can: made.view.canShowVolume, threshold: made.view.threshold, attribute: made.getAttribute('threshold'),
        about: made.shadowRoot.querySelector('.about').textContent, blob: blob.type, size: blob.size > 2000 }
      made.mode = 'slices'
      return { ...found, hidden: slider.parentElement.hidden }`)
    expect(found).toEqual({
      can: true,
      threshold: 3,
      attribute: '3',
      about: '',
      blob: 'image/png',
      size: true,
      hidden: true,
    })
  })

  test('several on one device each show the same as alone', async () => {
    const { alone, together } = await inDocument<Record<string, string[]>>(`
      const map = await fullMap('webgpu')
      const looks = [{ mode: 'slices', measure: 'score' }, { mode: 'slices', measure: 'activity', size: '2' }, { mode: 'volume' }]
      const make = look => {
        const made = newElement(look)
        made.style.cssText = 'width: 220px; height: 200px'
        made.map = map
        return made
      }
      const drawn = async made => {
        await stillness(made)
        const bytes = new Uint8Array(await (await made.toBlob()).arrayBuffer())
        return Array.from(bytes).join()
      }
      const alone = []
      for (const look of looks) {
        const made = make(look)
        document.body.replaceChildren(made)
        alone.push(await drawn(made))
      }
      const all = looks.map(make)
      document.body.replaceChildren(...all)
      const together = []
      for (const made of all) await drawn(made)
      for (const made of all) together.push(await drawn(made))
      return { alone, together }`)
    expect(new Set(alone).size).toBe(3)
    expect(together.map((picture, i) => picture === alone[i])).toEqual([true, true, true])
  })

  test('follows size and pixels of the display', async () => {
    /** Waits until both canvases have so many pixels. */
    const pixels = (width: number, height: number) =>
      chrome.page.waitForFunction(
        (width, height) => {
          const { overlay, canvas } = document.querySelector('voxrisk-view')!.view!
          return [overlay, canvas].every(one => one.width === width && one.height === height)
        },
        {},
        width,
        height,
      )
    const height = await inDocument<number>(`
      const made = place({ mode: 'slices' })
      made.style.cssText = 'width: 300px; height: 240px'
      made.map = await fullMap('webgpu')
      return made.view.canvas.clientHeight`)
    expect(height).toBeGreaterThan(100)
    await pixels(300, height)
    await chrome.page.setViewport({ width: 900, height: 700, deviceScaleFactor: 2 })
    await pixels(600, 2 * height)
    await inDocument(`element().style.width = '260px'`)
    await pixels(520, 2 * height)
    await chrome.page.setViewport({ width: 900, height: 700, deviceScaleFactor: 1 })
    await pixels(260, height)
  })

  test('adding and removing a hundred leaves no more behind than one', async () => {
    const client = await chrome.page.createCDPSession()
    // The browser's other processes release what they hold a few turns later.
    const collect = async () => {
      let elements = 0
      for (let i = 0; i < 400; i++) {
        await client.send('HeapProfiler.collectGarbage')
        elements = await inDocument<number>('await frame(); return left()')
        if (elements === 0) break
        await new Promise(resolve => setTimeout(resolve, 250))
      }
      await client.send('HeapProfiler.collectGarbage')
      const { Nodes, JSEventListeners } = await chrome.page.metrics()
      return { nodes: Nodes!, listeners: JSEventListeners!, elements }
    }
    const first = await inDocument<Awaited<ReturnType<Harness['comeAndGo']>>>('return comeAndGo(2)')
    const before = await collect()
    const all = await inDocument<Awaited<ReturnType<Harness['comeAndGo']>>>('return comeAndGo(100)')
    const after = await collect()
    expect(first.drawn).toBe(2)
    expect(all).toEqual({ ...first, drawn: 100 })
    expect(all.observers).toBe(0)
    expect(after.listeners).toBeLessThanOrEqual(before.listeners)
    expect(after.elements).toBe(0)
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 20) // some slack for nodes that the document adds itself
  })
})

test('the content policy of the document was kept, and the console is silent', () => {
  expect(chrome.complaints).toEqual([])
})
