import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ElementHandle, Page } from 'puppeteer-core'
import sirv from 'sirv'
import type { Place } from '../browser/document.ts'
import type { TaskName, TaskParameters, Tasks } from '../browser/tasks.ts'
import { askWorkshop } from './ask.ts'
import { openPages } from './browser.ts'

/** Whether the run was given the software adapter (`npm run software-gpu`); Chrome then gets its own. */
export const ON_SOFTWARE_GPU = /swiftshader/.test(process.env.VK_DRIVER_FILES ?? '')

const PAGE = `<!doctype html>
<title>voxrisk tests</title>
<link rel="icon" href="data:,">
<input id="files" type="file" multiple>
<script type="module" src="/test/browser/document.ts"></script>`

/** Of a cross-origin isolated document. Threads can share memory only there. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** As strict as a policy gets: no other origin, no generated code, no WebAssembly. */
const STRICT_POLICY = { 'Content-Security-Policy': "default-src 'self'; img-src data:" }

/** A document of the tests in headless Chrome (Puppeteer's `Page`), with a worker beside it, served by Vite from the sources. */
export interface Chrome {
  readonly page: Page
  /** Address of the document, without a path. */
  readonly origin: string
  /** Requests to the server so far: method, path, and the range if any. */
  readonly requests: readonly string[]
  /** Messages of the console, and what the document's policy forbade. */
  readonly complaints: readonly string[]
  /** Puts files into the document's file input, for the tasks that follow. */
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
  /** Without a content security policy. By default one allows only the document's own scripts. */
  readonly lenient?: true
}

/** Opens the document on the adapter of this run: the software GPU if asked for, else the machine's. */
export async function openChrome({ serve, lenient }: ChromeOptions = {}): Promise<Chrome> {
  const pages = await openPages(ON_SOFTWARE_GPU ? 'software' : 'hardware')
  const requests: string[] = []
  const complaints: string[] = []
  const headers = { ...ISOLATED, ...(lenient ? {} : STRICT_POLICY) }
  const server = await serveTestDocument({ requests, headers, serve, sources: await askWorkshop('/sources') })
  const page = await pages.newPage()
  page.on('console', message => complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(`${server.origin}/`)
  await page.waitForFunction(() => 'runTaskIn' in globalThis)
  return {
    page,
    origin: server.origin,
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
      await pages.close()
      await server.close()
    },
  }
}

interface TestDocument {
  readonly requests: string[]
  readonly headers: Readonly<Record<string, string>>
  readonly serve: string | undefined
  /** Address of the server of the sources. */
  readonly sources: string
}

/** The server of one test file: it has its own document, files and headers, and shares the sources with all. */
async function serveTestDocument({ requests, headers, serve, sources }: TestDocument) {
  const files = serve === undefined ? null : sirv(serve, { dev: true, etag: true })
  const server = createServer((request, response) => {
    const { method, url = '' } = request
    requests.push([method, url, request.headers.range].filter(Boolean).join(' '))
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const missing = () => {
      response.writeHead(404).end()
    }
    const [, folder, path] = /^\/(files|whole)(\/.*)$/.exec(url) ?? []
    if (url === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(PAGE)
    } else if (path && files) {
      request.url = path
      if (folder === 'whole') {
        delete request.headers.range
        response.setHeader('Cache-Control', 'no-store') // Chrome makes ranges of what it has in its cache
      }
      files(request, response, missing)
    } else {
      handOver(request, response, sources)
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Answers with what another server answers. */
function handOver(asked: IncomingMessage, response: ServerResponse, to: string): void {
  const { host: _, ...headers } = asked.headers
  const request = get(`${to}${asked.url}`, { headers }, answer => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  request.on('error', error => response.writeHead(502).end(error.message))
}
