import { type Command, Option } from 'commander'
import type { Backend } from '../engine/steps.ts'
import { VoxriskError } from '../errors.ts'
import type { BackendChoice } from '../map/choose-backend.ts'
import { openBackend } from '../node/backends.ts'
import { given } from './given.ts'
import { wholeNumber } from './options.ts'

/** Where the steps run. */
export interface ComputingOptions {
  backend: BackendChoice
  threads?: number
  verify?: boolean
}

const GROUP = 'Computing:'

export function addComputingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <name>', 'where to compute; auto: a real GPU when there is one, else the CPU')
        .choices(['auto', 'cpu', 'webgpu'])
        .default('auto')
        .helpGroup(GROUP),
    )
    .addOption(
      new Option('--threads <count>', 'threads of the cpu backend (default: 1)')
        .argParser(wholeNumber)
        .helpGroup(GROUP),
    )
    .addOption(new Option('--verify', 'compute on both backends and compare every integer').helpGroup(GROUP))
}

/** Opens the backend asked for and, for `--verify`, the other one; they live as long as `use` works on them. */
export async function withBackends<T>(
  { backend: choice, threads, verify }: ComputingOptions,
  use: (backends: { backend: Backend; verifyOn?: Backend }) => Promise<T>,
): Promise<T> {
  if (threads !== undefined && choice === 'webgpu' && !verify) {
    throw new VoxriskError(
      'bad-setting',
      '--threads is for the cpu backend, and the backend is webgpu',
      'Leave one of them out.',
    )
  }
  const options = given({ threads })
  const backend = await openBackend(choice, options)
  let verifyOn: Backend | undefined
  try {
    if (verify) verifyOn = await openBackend(backend.name === 'cpu' ? 'webgpu' : 'cpu', options)
    return await use({ backend, ...(verifyOn ? { verifyOn } : {}) })
  } finally {
    backend.destroy()
    verifyOn?.destroy()
  }
}
