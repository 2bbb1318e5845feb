#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { calibrateCommand } from './calibrate.ts'
import { compareCommand } from './compare.ts'
import { complain } from './exit.ts'
import { inspectCommand } from './inspect.ts'
import { mapCommand } from './map.ts'

const program = new Command('voxrisk')
  .description('Turns trades into a three-dimensional risk map and ranks its hotspots.')
  .version(__VOXRISK_VERSION__)
  .showHelpAfterError('(voxrisk map FILE maps a file of trades; voxrisk --help lists the commands)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Start here:
  voxrisk map                        the built-in sample day
  voxrisk map trades.csv.gz          your own file

voxrisk COMMAND --help shows the options of a command, with examples.`,
  )
for (const command of [inspectCommand(), mapCommand(), calibrateCommand(), compareCommand()]) {
  program.addCommand(command)
  command
    .copyInheritedSettings(program)
    .showHelpAfterError(`(voxrisk ${command.name()} --help lists the options)`)
}

/** If a file is named where the command belongs, map it: that is what was meant. */
function withCommand(parameters: string[]): string[] {
  const [first] = parameters
  const isCommand = program.commands.some(command => command.name() === first)
  return first !== undefined && !isCommand && existsSync(first) ? ['map', ...parameters] : parameters
}

try {
  await program.parseAsync(withCommand(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  complain(error)
}
