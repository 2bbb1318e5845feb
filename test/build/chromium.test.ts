import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Browser, computeExecutablePath } from '@puppeteer/browsers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findChromium, unpackChromium } from '../../build/chromium.ts'
import { launchChromium } from '../../build/launch-chromium.ts'
import { projectRoot } from '../support/cli.ts'
import { needs, needsPosix } from '../support/needs.ts'

let folder = ''

/** A program that is never run, only looked for. */
async function program(...path: string[]): Promise<string> {
  const file = join(folder, ...path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '#!/bin/sh\nexit 1\n')
  await chmod(file, 0o755)
  return file
}

async function downloaded(browser: Browser, buildId: string): Promise<string> {
  const file = computeExecutablePath({ browser, buildId, cacheDir: join(folder, 'puppeteer') })
  return program(file.slice(folder.length + 1))
}

const onPath = (...folders: string[]) =>
  vi.stubEnv('PATH', folders.map(name => join(folder, name)).join(process.platform === 'win32' ? ';' : ':'))

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'voxrisk-chromium-')))
  vi.stubEnv('VOXRISK_CHROMIUM', undefined)
  vi.stubEnv('PUPPETEER_CACHE_DIR', join(folder, 'puppeteer'))
  onPath('empty')
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

/**
 * Chrome in a place that is not on the path, as on a developer's Mac: preferred to what the tests put into a
 * cache.
 */
const installedElsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
].some(existsSync)

describe('a Chromium is found', needsPosix, () => {
  test('by name, before all others, from the caller and then from the environment', async () => {
    const [installed, first, second] = [
      await program('bin', 'google-chrome'),
      await program('named', 'one'),
      await program('named', 'two'),
    ]
    onPath('bin')
    expect(await findChromium()).toBe(installed)
    vi.stubEnv('VOXRISK_CHROMIUM', first)
    expect(await findChromium()).toBe(first)
    expect(await findChromium(second)).toBe(second)
  })

  test('by name, and no other if that is not a program', async () => {
    await program('bin', 'google-chrome')
    onPath('bin')
    const text = join(folder, 'text')
    await writeFile(text, 'no program')
    for (const named of [join(folder, 'none'), folder, text]) {
      await expect(findChromium(named)).rejects.toThrow(
        `${named}, named as the Chromium to use, is not an executable program`,
      )
    }
  })

  test('on the path, in its order, before what puppeteer has; folders of that name are passed over', async () => {
    await downloaded(Browser.CHROME, '140.0.7339.0')
    await mkdir(join(folder, 'a', 'chromium'), { recursive: true })
    const [b, c] = [await program('b', 'chromium'), await program('c', 'google-chrome')]
    onPath('a', 'b', 'c')
    expect(await findChromium()).toBe(b)
    onPath('a', 'c', 'b')
    expect(await findChromium()).toBe(c)
  })

  test(
    'in puppeteer’s cache: the newest Chrome, else the newest shell',
    needs(!installedElsewhere, 'a Chrome is installed here'),
    async () => {
      const shell = await downloaded(Browser.CHROMEHEADLESSSHELL, '141.0.7390.0')
      await downloaded(Browser.CHROMEHEADLESSSHELL, '99.0.4844.0')
      expect(await findChromium()).toBe(shell)
      await downloaded(Browser.CHROME, '99.0.4844.1')
      const newest = await downloaded(Browser.CHROME, '140.0.7339.0')
      expect(await findChromium()).toBe(newest)
      await rm(newest)
      expect(await findChromium()).toMatch(/99\.0\.4844\.1/)
    },
  )

  const packaged = process.platform === 'linux' && process.arch === 'x64'
  test(
    'in the npm package, unpacked into a folder of its version',
    needs(packaged && !installedElsewhere, 'a Chrome is installed here, or the package does not run'),
    async () => {
      const found = await findChromium()
      expect(found).toBe(join(await unpackChromium(), 'chromium'))
      const manifest = join(projectRoot, 'package.json')
      const version = createRequire(import.meta.url)(manifest).devDependencies['@sparticuz/chromium']
      expect(found).toContain(join('node_modules', '.cache', `chromium-${version}-with-libraries`))
    },
  )
})

describe('a Chromium that is started', () => {
  const adapterOn = async (gpu: 'none' | 'software') => {
    const browser = await launchChromium({ gpu })
    try {
      const page = await browser.newPage()
      await page.goto(import.meta.url) // any file will do: WebGPU needs a secure context
      return await page.evaluate(
        async () => (await navigator.gpu?.requestAdapter())?.info.architecture ?? null,
      )
    } finally {
      await browser.close()
    }
  }

  test('renders in software if asked to, otherwise offers no adapter', async () => {
    expect(await adapterOn('software')).toBe('swiftshader')
    expect(await adapterOn('none')).toBe(null)
  })
})
