import { type BrowserContext, connect } from 'puppeteer-core'
import type { PageGpu } from '../../build/launch-chromium.ts'
import { askWorkshop } from './ask.ts'
import { HANG_MS } from './hang.ts'

/** The documents of one test file, apart from those of all others. Puppeteer calls one a page. */
export interface Pages extends Pick<BrowserContext, 'newPage' | 'id'> {
  close(): Promise<void>
}

/** Opens a context in the Chromium that all test files share. */
export async function openPages(gpu: PageGpu = 'none'): Promise<Pages> {
  const browser = await connect({
    browserWSEndpoint: await askWorkshop(`/chromium/${gpu}`),
    protocolTimeout: 0, // a document may compute for minutes; whoever waits has a limit of their own
    defaultViewport: { width: 800, height: 600 },
  })
  const context = await browser.createBrowserContext()
  return {
    id: context.id,
    async newPage() {
      const page = await context.newPage()
      page.setDefaultTimeout(HANG_MS)
      await page.emulateFocusedPage(true) // documents of other test files are open beside it
      return page
    },
    async close() {
      await context.close()
      await browser.disconnect()
    },
  }
}
