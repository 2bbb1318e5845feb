import { checkShape } from '../../engine/check-shape.ts'
import type { Backend } from '../../engine/steps.ts'
import { VoxriskError } from '../../errors.ts'
import { layerNamed } from '../../layers/index.ts'
import { SharedMemory } from './memory.ts'
import { ThreadedSteps } from './steps.ts'
import { Team } from './team.ts'
import type { Thread } from './thread.ts'

/** How many threads to use, and how to start one. */
export interface ThreadedCpuOptions {
  /** Number of worker threads, 1 … 256. Meanwhile, the calling thread reads and packs events. */
  readonly threads: number
  /** Starts one thread. In Node, `openBackend('cpu', { threads })` of `voxrisk/node` does this for you. */
  readonly spawn: () => Thread
}

const MOST_THREADS = 256

/** @throws {VoxriskError} `bad-setting` */
export function checkThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS) return threads
  throw new VoxriskError(
    'bad-setting',
    `threads ${threads} is not a whole number in 1 … ${MOST_THREADS}`,
    'Use at most one thread per core.',
    { settings: ['threads'] },
  )
}

/**
 * The reference backend on several threads, which start immediately. It runs the same steps and gives the
 * same integers as `cpuBackend()`, while the calling thread stays free. In a document:
 *
 * ```ts
 * threadedCpuBackend({
 *   threads: navigator.hardwareConcurrency,
 *   spawn: () => new Worker(new URL('voxrisk/cpu-thread', import.meta.url), { type: 'module' }),
 * })
 * ```
 *
 * Call `destroy()` when done. It ends the threads and frees their memory, which is reused from one map to the
 * next.
 * @throws {VoxriskError} `no-threads` when the document may not share memory or `spawn` throws; `bad-setting`
 */
export function threadedCpuBackend({ threads, spawn }: ThreadedCpuOptions): Backend {
  checkThreads(threads)
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new VoxriskError(
      'no-threads',
      'threads cannot share memory here',
      'Serve the document with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or use one thread.',
      { settings: ['threads'] },
    )
  }
  const team = new Team(threads, spawn)
  const memory = new SharedMemory()
  let maps = 0
  return {
    name: 'cpu',
    adapter: `JavaScript, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    async open(shape) {
      checkShape(shape)
      if (layerNamed(shape.layer.name) !== shape.layer) {
        throw new VoxriskError(
          'bad-setting',
          `the threads do not know the layer ${shape.layer.name}: functions cannot be sent to them, so they only know built-in layers`,
          'Use cpuBackend() or webgpuBackend() for a layer of your own.',
        )
      }
      const map = ++maps
      await team.call<'open'>({ kind: 'open', map, shape: { ...shape, layer: shape.layer.name } })
      return new ThreadedSteps(team, memory, map, shape)
    },
    destroy: () => team.destroy(),
  }
}
