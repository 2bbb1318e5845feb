import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElementHandle, Page } from 'puppeteer-core'
import sirv from 'sirv'
import { createServer, type Plugin } from 'vite'
import { launchChromium } from '../../build/launch-chromium.ts'
import { validators } from '../../build/validators-plugin.ts'
import { wgsl } from '../../build/wgsl-plugin.ts'
import type { Place } from '../browser/document.ts'
import type { TaskName, TaskParameters, Tasks } from '../browser/tasks.ts'
import { testsOutsideVitest } from '../harness/plugin.ts'
import { projectRoot } from './cli.ts'

/** Whether the run was given the software adapter (`npm run software-gpu`); Chrome then gets its own. */
export const ON_SOFTWARE_GPU = /swiftshader/.test(process.env.VK_DRIVER_FILES ?? '')

const PAGE = `<!doctype html>
<title>voxrisk tests</title>
<link rel="icon" href="data:,">
<input id="files" type="file" multiple>
<script type="module" src="/test/browser/document.ts"></script>`

const HEADERS = {
  // A cross-origin isolated page, as one is that wants shared memory.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** As strict as a policy gets: no other origin, no generated code, no WebAssembly. */
const STRICT_POLICY = { 'Content-Security-Policy': "default-src 'self'; img-src data:" }

/** A page of the tests in headless Chrome, with a worker beside it, served by Vite from the sources. */
export interface Chrome {
  readonly page: Page
  /** Address of the page, without a path. */
  readonly origin: string
  /** What was asked of the server so far: method, path, and range where it was one. */
  readonly requests: readonly string[]
  /** What the console said and what the page's policy forbade. */
  readonly complaints: readonly string[]
  /** Puts files into the page's file input, for the tasks after. */
  choose(...paths: string[]): Promise<void>
  run<Name extends TaskName>(
    place: Place,
    name: Name,
    ...parameters: TaskParameters<Name>
  ): Promise<Awaited<ReturnType<Tasks[Name]>>>
  close(): Promise<void>
}

export interface ChromeOptions {
  /** A folder of files that the server gives under `/files/`, by byte ranges, and under `/whole/`, without. */
  readonly serve?: string
  /** Without a content security policy; by default there is one that allows nothing but the page's own scripts. */
  readonly lenient?: true
}

/** Opens the page on the adapter of this run: software where that was asked for, else the machine's GPU. */
export async function openChrome({ serve, lenient }: ChromeOptions = {}): Promise<Chrome> {
  const headers = { ...HEADERS, ...(lenient ? {} : STRICT_POLICY) }
  const browser = await launchChromium({
    gpu: ON_SOFTWARE_GPU ? 'software' : 'hardware',
    exactTimestamps: true, // rounded to 0.1 ms, kernels of small tests would take no time
  })
  const requests: string[] = []
  const complaints: string[] = []
  // Vite's cache is private, since test files run at the same time.
  const cacheDir = await mkdtemp(join(tmpdir(), 'voxrisk-vite-'))
  const server = await createServer({
    configFile: false,
    root: projectRoot,
    cacheDir,
    appType: 'custom',
    logLevel: 'warn',
    plugins: [wgsl(), validators(), testsOutsideVitest('browser'), testPage({ requests, headers, serve })],
    optimizeDeps: { entries: ['test/browser/document.ts'] },
    server: { host: '127.0.0.1', port: 0, headers, hmr: false, ws: false, watch: null },
  })
  await server.listen()
  const origin = server.resolvedUrls?.local[0].replace(/\/$/, '') ?? ''
  const page = await browser.newPage()
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(`${origin}/`)
  await page.waitForFunction(() => 'runTaskIn' in globalThis)
  return {
    page,
    origin,
    requests,
    complaints,
    async choose(...paths) {
      const input = (await page.$('#files')) as ElementHandle<HTMLInputElement>
      await input.uploadFile(...paths)
    },
    async run(place, name, ...parameters) {
      const run = (...call: Parameters<typeof runTaskIn>) => globalThis.runTaskIn(...call)
      return (await page.evaluate(run, place, name, parameters)) as never
    },
    async close() {
      await browser.close()
      await server.close()
      await rm(cacheDir, { recursive: true, force: true })
    },
  }
}

interface TestPage {
  readonly requests: string[]
  readonly headers: Readonly<Record<string, string>>
  readonly serve: string | undefined
}

function testPage({ requests, headers, serve }: TestPage): Plugin {
  return {
    name: 'voxrisk:test-page',
    transform(code, id) {
      // Vite's own part of a page would connect to the server and reload the page; it also holds what `define` says.
      if (id.endsWith('/vite/dist/client/client.mjs')) return 'export const injectQuery = url => url'
      return code.includes('__VOXRISK_VERSION__')
        ? code.replaceAll('__VOXRISK_VERSION__', JSON.stringify('in tests'))
        : null
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const range = request.headers.range
        requests.push([request.method, request.url, range].filter(Boolean).join(' '))
        if (request.url !== '/') return next()
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.setHeader('Content-Type', 'text/html; charset=utf-8')
        response.end(PAGE)
      })
      if (serve === undefined) return
      const files = sirv(serve, { dev: true, etag: true })
      middlewares.use('/files', files)
      middlewares.use('/whole', (request, response, next) => {
        delete request.headers.range
        response.setHeader('Cache-Control', 'no-store') // Chrome makes ranges of what it has in its cache
        files(request, response, next)
      })
    },
  }
}
