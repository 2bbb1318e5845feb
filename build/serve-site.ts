import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sirv from 'sirv'
import { build } from 'vite'

const projectRoot = join(import.meta.dirname, '..')

/** A nested path, as many hosts use for a project's site. */
const SUB_PATH = '/some/where/'

/** The site as published, on a plain file server. */
export interface ServedSite {
  /** Includes the path. */
  readonly address: string
  close(): Promise<void>
}

/** Builds the site into its own folder and serves it from a path below the root. */
export async function serveSite(): Promise<ServedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'voxrisk-site-'))
  await build({
    configFile: join(projectRoot, 'vite.site.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
  })
  const files = sirv(folder, { etag: true })
  const server = createServer((request, response) => {
    const missing = () => {
      response.statusCode = 404
      response.end()
    }
    if (!request.url?.startsWith(SUB_PATH)) return missing()
    request.url = request.url.slice(SUB_PATH.length - 1)
    files(request, response, missing)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}${SUB_PATH}`,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
