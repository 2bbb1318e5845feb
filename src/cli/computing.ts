import { type Command, Option } from 'commander'
import type { Backend } from '../map/backend.ts'
import { type BackendChoice, openBackend } from '../node/backends.ts'

/** Where the steps run. */
export interface ComputingOptions {
  backend: BackendChoice
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
    .addOption(new Option('--verify', 'compute on both backends and compare every integer').helpGroup(GROUP))
}

/** Opens the backend asked for and, for `--verify`, the other one; they live as long as `use` works on them. */
export async function withBackends<T>(
  { backend: choice, verify }: ComputingOptions,
  use: (backends: { backend: Backend; verifyOn?: Backend }) => Promise<T>,
): Promise<T> {
  const backend = await openBackend(choice)
  let verifyOn: Backend | undefined
  try {
    if (verify) verifyOn = await openBackend(backend.name === 'cpu' ? 'webgpu' : 'cpu')
    return await use({ backend, ...(verifyOn ? { verifyOn } : {}) })
  } finally {
    backend.destroy()
    verifyOn?.destroy()
  }
}
