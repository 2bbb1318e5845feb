import { join } from 'node:path'
import { build, type Rollup } from 'vite'
import { beforeAll } from 'vitest'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { startThread } from '../../src/node/threads.ts'
import { projectRoot } from './cli.ts'

/** `voxrisk/cpu-thread` as the sources stand, in one module: a thread runs no TypeScript. */
async function bundle(): Promise<string> {
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

/**
 * Threads for the tests of a file, on code bundled before them.
 * @returns starts a thread; to be called inside a test. `before` is put in front of the thread's code.
 */
export function testThreads(): (before?: string) => Thread {
  let code = ''
  beforeAll(async () => {
    code = await bundle()
  })
  return (before = '') =>
    startThread(new URL(`data:text/javascript,${encodeURIComponent(`${before}\n${code}`)}`))
}
