/**
 * What the test files of one run share: a Chromium of each kind, the server that gives documents the sources, and the bundled code
 * of threads. All of it is made in Vitest's own process when a file first asks for it: a run without documents starts no browser.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'puppeteer-core'
import { build, createServer as createViteServer, type Plugin, type Rollup, type ViteDevServer } from 'vite'
import type { TestProject } from 'vitest/node'
import { launchChromium, type PageGpu } from '../../build/launch-chromium.ts'
import { LAYERS } from '../../build/layers.ts'
import { validators } from '../../build/validators-plugin.ts'
import { wgsl } from '../../build/wgsl-plugin.ts'
import { testsOutsideVitest } from '../harness/plugin.ts'
import { TEST_LAYERS } from '../layers/linked.ts'
import { projectRoot } from './cli.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of whom test files ask (test/support/ask.ts): `/chromium/GPU` and `/sources` for an address, `/thread` for code. */
    workshop: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browsers = new Map<PageGpu, Promise<Browser>>()
  let sources: Promise<SourceServer> | undefined
  let thread: Promise<string> | undefined

  async function answer(path: string): Promise<string> {
    if (path === '/sources') {
      sources ??= serveSources()
      return (await sources).address
    }
    if (path === '/thread') {
      thread ??= bundleThread()
      return thread
    }
    const gpu = path.replace('/chromium/', '') as PageGpu
    // Timestamps rounded to 0.1 ms would say that the kernels of small tests take no time.
    const browser = browsers.get(gpu) ?? launchChromium({ gpu, exactTimestamps: gpu !== 'none' })
    browsers.set(gpu, browser)
    return (await browser).wsEndpoint()
  }

  const server = createServer(({ url = '' }, response) => {
    answer(url).then(
      text => response.end(text),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  project.provide('workshop', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    server.closeAllConnections()
    server.close()
    for (const browser of browsers.values()) await (await browser.catch(() => null))?.close()
    await (await sources?.catch(() => null))?.close()
  }
}

/** `voxrisk/cpu-thread` as the sources stand, in one module: a thread of Node runs no TypeScript. */
async function bundleThread(): Promise<string> {
  const built = (await build({
    configFile: false,
    root: projectRoot,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      lib: { entry: join(projectRoot, 'src', 'cpu', 'threads', 'main.ts'), formats: ['es'] },
    },
  })) as Rollup.RollupOutput[]
  const [{ output }] = built
  if (output.length !== 1) throw new Error(`the thread is bundled into ${output.length} files`)
  return output[0].code
}

interface SourceServer {
  readonly address: string
  close(): Promise<void>
}

/** Serves the checkout as modules for documents, by Vite. */
async function serveSources(): Promise<SourceServer> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'voxrisk-vite-')) // its own, as another run may be under way
  const server: ViteDevServer = await createViteServer({
    configFile: false,
    root: projectRoot,
    cacheDir,
    appType: 'custom',
    logLevel: 'warn',
    plugins: [
      wgsl({ ...LAYERS, ...TEST_LAYERS }),
      validators(),
      testsOutsideVitest('browser'),
      pageOfTests(),
    ],
    optimizeDeps: { entries: ['test/browser/document.ts'] },
    server: { host: '127.0.0.1', port: 0, hmr: false, ws: false, watch: null },
  })
  await server.listen()
  return {
    address: server.resolvedUrls?.local[0].replace(/\/$/, '') ?? '',
    async close() {
      await server.close()
      await rm(cacheDir, { recursive: true, force: true })
    },
  }
}

function pageOfTests(): Plugin {
  return {
    name: 'voxrisk:page-of-tests',
    transform(code, id) {
      // Vite's own part of a document would connect to the server and reload it; it also holds what `define` says.
      if (id.endsWith('/vite/dist/client/client.mjs')) return 'export const injectQuery = url => url'
      return code.includes('__VOXRISK_VERSION__')
        ? code.replaceAll('__VOXRISK_VERSION__', JSON.stringify('in tests'))
        : null
    },
  }
}
