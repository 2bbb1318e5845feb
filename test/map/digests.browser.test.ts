import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cpuBackend } from '../../src/cpu/backend.ts'
import type { Backend } from '../../src/engine/steps.ts'
import { openFile } from '../../src/node/files.ts'
import { webgpuBackend } from '../../src/webgpu/backend.ts'
import { type FileOptions, type Mapped, mapFiles, mapMiniMarket, mapSample } from '../support/browser-work.ts'
import { type Chrome, openChrome } from '../support/chrome.ts'
import { openTestDevice } from '../support/open-device.ts'
import { DATA, needsData, realFile } from '../support/real-data.ts'

/** Real trades are kept beside a developer's checkout: their terms forbid us to ship them. */
const REAL: [file: string, options: FileOptions][] = [
  ['kraken_2021Q4_AAVE.zip', { symbol: 'AAVEAUD', timeWidth: 6 * 3600e6 }],
  ['bybit_BTCUSD2019-10-01.csv.gz', {}],
]
/** Six maps each, most of them on an adapter that may be software. */
const BACKENDS = ['cpu', 'webgpu'] as const
const PLACES = ['document', 'worker'] as const

const inNode = {} as Record<(typeof BACKENDS)[number], Backend>
let chrome: Chrome

beforeAll(async () => {
  inNode.cpu = cpuBackend()
  inNode.webgpu = webgpuBackend(await openTestDevice(), { ownsDevice: true })
  chrome = await openChrome(existsSync(DATA) ? { serve: DATA } : {})
})

afterAll(async () => {
  for (const backend of Object.values(inNode)) backend.destroy()
  await chrome?.close()
})

/** The digests and every fact of the hotspots, without what differs by place: adapter and times. */
const facts = ({ digest, hotspots }: Mapped) => ({ digest, hotspots })

/** Makes a map in Node and in Chrome, on the CPU and on WebGPU, and holds them against each other. */
async function expectEqual(
  node: (backend: Backend) => Promise<Mapped>,
  ...browser: ((place: (typeof PLACES)[number], backend: (typeof BACKENDS)[number]) => Promise<Mapped>)[]
): Promise<void> {
  const reference = facts(await node(inNode.cpu))
  expect(reference.hotspots.length).toBeGreaterThan(3)
  expect(Object.values(reference.digest)).toEqual([
    expect.stringMatching(/^[0-9a-f]{64}$/),
    expect.stringMatching(/^[0-9a-f]{64}$/),
  ])
  expect(facts(await node(inNode.webgpu)), 'Node, webgpu').toEqual(reference)
  for (const [way, map] of browser.entries()) {
    const place = PLACES[way % PLACES.length]
    for (const backend of BACKENDS) {
      expect(facts(await map(place, backend)), `Chrome, ${place}, ${backend}, way ${way}`).toEqual(reference)
    }
  }
}

describe('equal digests and hotspots in Node and Chrome, on cpu and webgpu', () => {
  test('a market in miniature', async () => {
    const map = (place: (typeof PLACES)[number], backend: (typeof BACKENDS)[number]) =>
      chrome.run(place, 'mapMiniMarket', backend)
    await expectEqual(mapMiniMarket, map, map)
  })

  test('the generated day', async () => {
    const map = (place: (typeof PLACES)[number], backend: (typeof BACKENDS)[number]) =>
      chrome.run(place, 'mapSample', backend)
    await expectEqual(mapSample, map, map)
  })

  for (const [name, options] of REAL) {
    const path = realFile(name)
    test(`real trades: ${name}, chosen and fetched`, needsData(name), async () => {
      await chrome.choose(path)
      await expectEqual(
        async backend => mapFiles(backend, [await openFile(path)], options),
        (place, backend) => chrome.run(place, 'mapFiles', backend, options),
        (place, backend) => chrome.run(place, 'mapUrl', backend, `/files/${name}`, options),
      )
    })
  }

  test('every report names the adapter that ran', async () => {
    const { adapter } = await chrome.run('document', 'environment')
    for (const place of PLACES) {
      expect((await chrome.run(place, 'mapSample', 'webgpu')).backend).toEqual({ name: 'webgpu', adapter })
      expect((await chrome.run(place, 'mapSample', 'cpu')).backend.name).toBe('cpu')
    }
  })
})
