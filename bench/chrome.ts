/**
 * The benchmark in headless Chrome: `npm run bench:chrome`. Exits with 1 when results differ, 2 for unknown
 * options, 3 when there is no browser, or no acceptable adapter in it.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'puppeteer-core'
import sirv from 'sirv'
import { launchChromium } from '../build/launch-chromium.ts'
import { benchOptions } from './options.ts'
import { finish } from './output.ts'
import type { SiteAnswer, SiteSettings } from './site/main.ts'
import { FULL, QUICK } from './suite/plan.ts'

/** The built site, next to the folder of this program once built. */
const SITE = fileURLToPath(new URL('../site', import.meta.url))

const options = benchOptions('chrome', 'chrome')
let browser: Browser
try {
  browser = await launchChromium({
    gpu: options.software ? 'software' : 'hardware',
    exactTimestamps: true,
    ...(options.browser ? { executablePath: options.browser } : {}),
  })
} catch (error) {
  console.error((error as Error).message)
  process.exit(3)
}
const files = sirv(SITE, {
  // A cross-origin isolated site has a finer clock and can share memory between threads.
  setHeaders: response => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
  },
})
const server = createServer((request, response) => files(request, response)).listen(0, '127.0.0.1')
try {
  const site = await browser.newPage()
  site.on('console', message => console.error(message.text()))
  site.on('pageerror', error => console.error(String(error)))
  await site.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await site.waitForFunction(() => 'runVoxriskBenchmark' in globalThis)
  const settings: SiteSettings = {
    plan: options.quick ? QUICK : FULL,
    seconds: options.seconds,
    software: options.software,
    version: (await browser.version()).replace(/^.*\//, ''),
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? null,
  }
  const answer: SiteAnswer = await site.evaluate(given => globalThis.runVoxriskBenchmark(given), settings)
  if ('refused' in answer) {
    console.error(`${answer.refused}; --software accepts one emulated on the CPU`)
    process.exitCode = 3
  } else {
    await finish(answer.result, options.out)
  }
} finally {
  await browser.close()
  server.close()
}
