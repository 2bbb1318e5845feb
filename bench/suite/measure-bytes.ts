/** How fast bytes are copied, uploaded to a device and read back from it. */

import type { Run } from './options.ts'
import { repeat } from './race.ts'
import { TICK_WORDS } from './recording.ts'
import type { Case } from './result.ts'
import { DeviceTransfers } from './transfer.ts'

/** Copies per figure. */
const COPIES = 8
/** Most batches of one upload. With tiny batches it would otherwise take minutes. */
const MOST_BATCHES = 2000

/** The case for stages that only move bytes. */
export const NO_TICKS: Case = {
  ticks: 0,
  distribution: 'spread',
  touchedVoxels: 0,
  radii: { price: 0, size: 0, time: 0 },
  batchBytes: null,
}

export async function measureBytes(run: Run): Promise<void> {
  await copies(run)
  for (const { contestant, device } of run.contestants) {
    if (!device) continue
    for (const batchBytes of run.plan.uploadBatches) await upload(run, contestant.id, device, batchBytes)
    for (const batchBytes of run.plan.readbackBytes) await readback(run, contestant.id, device, batchBytes)
  }
}

/** The ceiling: how fast memory is copied where the kernels run. */
async function copies({ contestants, plan, ledger, time, log }: Run): Promise<void> {
  log('copy')
  for (const { contestant, copy, copyBytes } of contestants) {
    const bytes = copyBytes(plan.copyBytes)
    const seconds = await repeat(() => copy(bytes, COPIES), time.limits())
    const of = {
      stage: 'copy',
      contestant: contestant.id,
      case: NO_TICKS,
      sweeps: [],
      clock: 'host',
    } as const
    ledger.add({ ...of, bytes: 2 * COPIES * bytes }, seconds)
  }
}

async function upload(
  { plan, ledger, time, log }: Run,
  id: string,
  device: GPUDevice,
  batchBytes: number,
): Promise<void> {
  log(`upload in batches of ${batchBytes} bytes`)
  const total = Math.min(plan.uploadBytes, MOST_BATCHES * batchBytes)
  const words = new Uint32Array(total / 4)
  const transfers = new DeviceTransfers(device, DeviceTransfers.fitting(device, batchBytes))
  const seconds = await repeat(() => transfers.upload(words, batchBytes), time.limits(0.25))
  transfers.destroy()
  const given = { ...NO_TICKS, ticks: Math.floor(total / (4 * TICK_WORDS)), batchBytes }
  const of = { stage: 'upload', contestant: id, sweeps: ['batch'], clock: 'host' } as const
  ledger.add({ ...of, case: given, bytes: total }, seconds)
}

async function readback(
  { ledger, time, log }: Run,
  id: string,
  device: GPUDevice,
  batchBytes: number,
): Promise<void> {
  log(`readback of ${batchBytes} bytes`)
  const transfers = new DeviceTransfers(device, batchBytes)
  const limits = { ...time.limits(0.25), repeats: 100 }
  const seconds = await repeat(() => transfers.readback(batchBytes), limits)
  transfers.destroy()
  const of = { stage: 'readback', contestant: id, sweeps: ['batch'], clock: 'host' } as const
  ledger.add({ ...of, case: { ...NO_TICKS, batchBytes }, bytes: batchBytes }, seconds)
}
