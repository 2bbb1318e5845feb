/**
 * The benchmark in Node: `npm run bench`, or `run.sh` in the bundle for machines without a network. Exits
 * with 1 when results differ, 2 for unknown options, 3 when there is no acceptable adapter.
 */
import { availableParallelism, cpus } from 'node:os'
import { pathToFileURL } from 'node:url'
import { VoxriskError } from 'voxrisk'
import { openDevice, startThread } from 'voxrisk/node'
import { benchOptions } from './options.ts'
import { finish } from './output.ts'
import { runPeers } from './peers/run-peers.ts'
import { peerTask } from './peers/task.ts'
import { cpuContestant, threadsContestant, webgpuContestant } from './suite/contestants.ts'
import { FULL, QUICK } from './suite/plan.ts'
import { runBenchmark } from './suite/run.ts'

const options = benchOptions('bench', 'node')
try {
  const device = await openDevice({ software: options.software })
  const cores = availableParallelism()
  const spawn = (script: string) => startThread(new URL(`${script}.js`, pathToFileURL(process.argv[1])))
  const contestants = [
    cpuContestant(),
    ...(cores > 1 ? [threadsContestant(cores, spawn)] : []),
    webgpuContestant(device),
  ]
  for (const { contestant } of contestants) console.error(`${contestant.label}: ${contestant.runsOn}`)
  const result = await runBenchmark({
    plan: options.quick ? QUICK : FULL,
    seconds: options.seconds,
    contestants,
    host: {
      runtime: 'node',
      version: process.versions.node,
      system: `${process.platform} ${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? null,
      cores,
    },
    voxrisk: __VOXRISK_VERSION__,
    commit: __VOXRISK_COMMIT__,
    peers: async (tape, sweeps, { repeats, seconds }) => {
      const task = await peerTask([tape.ticks], tape.calibration, { distribution: tape.distribution, sweeps })
      return runPeers(task, { repeats, warmUps: 1, secondsAtMost: seconds })
    },
    log: line => console.error(`  ${line}`),
  })
  for (const running of contestants) running.destroy()
  await finish(result, options.out)
} catch (error) {
  if (!(error instanceof VoxriskError) || error.code !== 'no-device') throw error
  console.error(`${error.message}\n${error.fix}`)
  process.exitCode = 3
}
