#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { VoxriskError } from '../errors.ts'
import { mapCommand } from './map.ts'

/** What the shell gets: 0 done, 1 bad data or a device that failed, 2 wrong usage. */
const Exit = { failed: 1, usage: 2 } as const

const program = new Command('voxrisk')
  .description('Turns trades into a three-dimensional risk map and ranks its hotspots.')
  .version(__VOXRISK_VERSION__)
  .addCommand(mapCommand())
  .showHelpAfterError('(voxrisk map --help lists the options)')
  .exitOverride()
for (const command of program.commands) command.copyInheritedSettings(program)

process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : Exit.usage // commander has printed what is wrong
  } else if (error instanceof VoxriskError) {
    process.stderr.write(`voxrisk: ${error.message}\n         ${error.fix}\n`)
    process.exitCode = error.code === 'bad-setting' ? Exit.usage : Exit.failed
  } else {
    throw error
  }
}
