/**
 * Finds a Chromium for tests and scripts that open documents, and unpacks the one from the package registry.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { unpackChromiumLibraries } from './chromium-libraries.ts'

const projectRoot = resolve(import.meta.dirname, '..')

/** Names of an installed Chrome or Chromium on the path. */
const COMMANDS = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'chrome']
/** Where it is installed on systems that do not put it on the path. */
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * Path of a Chromium: the named one, otherwise an installed one, otherwise one downloaded by puppeteer,
 * otherwise (Linux x64) the one from the npm package `@sparticuz/chromium`; null if there is none.
 * @param named by default the value of `VOXRISK_CHROMIUM`
 * @throws {Error} when the named one is not an executable program
 */
export async function findChromium(named = process.env.VOXRISK_CHROMIUM): Promise<string | null> {
  if (named) {
    if (isProgram(named)) return resolve(named)
    throw new Error(`${named}, named as the Chromium to use, is not an executable program`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const places = [...folders.flatMap(folder => COMMANDS.map(name => join(folder, name))), ...PLACES]
  const found = places.find(isProgram) ?? (await downloadedByPuppeteer())
  if (found) return found
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  return join(await unpackChromium(), 'chromium')
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The newest Chrome in puppeteer's cache, otherwise the newest headless shell there. */
async function downloadedByPuppeteer(): Promise<string | undefined> {
  const { Browser, detectBrowserPlatform, getInstalledBrowsers } = await import('@puppeteer/browsers')
  const cacheDir = process.env.PUPPETEER_CACHE_DIR || join(homedir(), '.cache', 'puppeteer')
  const platform = detectBrowserPlatform()
  const installed = (await getInstalledBrowsers({ cacheDir })).filter(
    browser => browser.platform === platform && isProgram(browser.executablePath),
  )
  // The package's own version comparison refuses four numbers, which Chrome's versions have.
  const byVersion = new Intl.Collator('en', { numeric: true })
  for (const kind of [Browser.CHROME, Browser.CHROMEHEADLESSSHELL]) {
    const newest = installed
      .filter(({ browser }) => browser === kind)
      .sort((a, b) => byVersion.compare(b.buildId, a.buildId))[0]
    if (newest) return newest.executablePath
  }
  return undefined
}

/**
 * Unpacks headless Chromium, with its software Vulkan driver and the libraries it needs, into a folder of
 * this checkout, once per version. The package reuses anything in the temporary folder that has its fixed
 * names. So it gets a temporary folder of its own, and the finished folder is renamed into place in one step.
 */
export async function unpackChromium(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const manifest = join(entry.slice(0, entry.lastIndexOf('chromium')), 'chromium', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const folder = join(projectRoot, 'node_modules', '.cache', `chromium-${version}-with-libraries`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  mkdirSync(unfinished, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = unfinished
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    await chromium.executablePath()
    unpackChromiumLibraries(unfinished)
    try {
      renameSync(unfinished, folder)
    } catch (error) {
      if (!existsSync(folder)) throw error // otherwise another process was first; its copy is just as good
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  return folder
}
