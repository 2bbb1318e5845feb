import { pathToFileURL } from 'node:url'
import type { Thread } from '../../src/cpu/threads/thread.ts'
import { startThread } from '../../src/node/threads.ts'

/** Replaces test/support/threads.ts outside Vitest: threads that run the code built beside the program. */
export function testThreads(): () => Thread {
  return () => startThread(new URL('cpu-thread.js', pathToFileURL(process.argv[1])))
}
