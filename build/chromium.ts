/** Finds a Chromium for tests and scripts that open pages, and unpacks the one that comes from the package registry. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import type { Browser } from 'puppeteer-core'

const projectRoot = resolve(import.meta.dirname, '..')

/** Names that an installed Chrome or Chromium has on the path. */
const COMMANDS = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome']
/** Where it lies on systems that do not put it on the path. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Path of a Chromium: the one that `VOXRISK_CHROMIUM` names, else an installed one, else (Linux x64) the one of the npm
 * package `@sparticuz/chromium`; null when there is none.
 */
export async function findChromium(): Promise<string | null> {
  const named = process.env.VOXRISK_CHROMIUM
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`VOXRISK_CHROMIUM names ${named}, which does not exist`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const places = [...folders.flatMap(folder => COMMANDS.map(name => join(folder, name))), ...PLACES]
  const installed = places.find(place => existsSync(place))
  if (installed) return installed
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  return join(await unpackChromium(), 'chromium')
}

/**
 * Starts a headless Chromium.
 * @throws {Error} when there is none
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium()
  if (!executablePath) throw new Error('no Chromium found: install one, or name one in VOXRISK_CHROMIUM')
  const { launch } = await import('puppeteer-core') // here, for those who only unpack
  return launch({
    executablePath,
    headless: 'shell',
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--force-color-profile=srgb'],
  })
}

/**
 * Unpacks headless Chromium with its software Vulkan driver once per version into a folder of this checkout.
 * The package reuses whatever lies in the temporary folder under its fixed names, so it gets a temporary folder
 * of its own, and the finished folder appears under its final name in one step.
 */
export async function unpackChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const manifest = join(entry.slice(0, entry.lastIndexOf('chromium')), 'chromium', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const folder = join(projectRoot, 'node_modules', '.cache', `chromium-${version}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = unfinished
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
    try {
      renameSync(unfinished, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error // else another process was first: its copy is as good
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  return folder
}
