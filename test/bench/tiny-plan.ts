import type { Plan } from '../../bench/suite/plan.ts'
import { DEFAULT_RADII } from '../../src/layers/trades/grid.ts'

/** Seconds that no run needs: nothing is left out for want of time. */
export const ENDLESS = 1e9

const REALISTIC = { distribution: 'realistic', ticks: 5000, bins: 6, radii: DEFAULT_RADII } as const
const SPREAD = { distribution: 'spread', ticks: 5000, voxels: 4096, radii: DEFAULT_RADII } as const

/** Every question of the benchmark, so small that its work is done however slow the machine is. Its times mean nothing. */
export const TINY: Plan = {
  quick: true,
  raceSeconds: ENDLESS,
  races: 1,
  repeats: 3,
  copyBytes: 2 ** 20,
  uploadBatches: [2 ** 16],
  uploadBytes: 2 ** 20,
  readbackBytes: [2 ** 12],
  batchTape: SPREAD,
  binBatches: [2 ** 14],
  cases: [
    { ...REALISTIC, sweeps: ['ticks'], peers: false },
    { ...SPREAD, sweeps: ['voxels'], peers: false },
  ],
  live: { tape: REALISTIC, updates: [{ ticks: 500, repeats: 3 }] },
  frames: { tapes: [REALISTIC], pixels: { width: 320, height: 180 } },
}
