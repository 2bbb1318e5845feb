import { spawn } from 'node:child_process'
import { resolve } from 'node:path'

export const projectRoot = resolve(import.meta.dirname, '..', '..')

/** The built command; `npm test` builds it before the tests. */
export const cliPath = resolve(projectRoot, 'dist', 'cli.js')

/** The result of a process that has ended. */
export interface Finished {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** Variables over those of the tests; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Runs a command to its end, without a terminal and with no input. */
export function run(
  command: string,
  parameters: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return new Promise((done, fail) => {
    const child = spawn(command, parameters, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8')
      child[name].on('data', text => {
        output[name] += text
      })
    }
    child.on('error', fail)
    child.on('close', code => done({ code, ...output }))
  })
}

/** Runs `voxrisk` with the given arguments. */
export function voxrisk(parameters: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return run(process.execPath, [cliPath, ...parameters], options)
}
