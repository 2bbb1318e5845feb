import type { Setting, VoxriskError } from '../errors.ts'

/** The option for each setting of the library; null if the command line has none. */
export const SETTING_OPTIONS: Readonly<Record<Setting, string | null>> = {
  format: '--format',
  symbol: '--symbol',
  columns: '--columns time=1,price=2,size=3,side=4',
  timeUnit: '--time-unit',
  timeZone: '--time-zone',
  stream: '--stream',
  contract: '--contract',
  tickSize: '--tick-size',
  lotSize: '--lot-size',
  priceWidth: '--price-width',
  timeWidth: '--time-bin',
  sizeResolution: '--size-resolution',
  sizeBins: null, // as many as the largest trade needs
  radii: '--kernel price=4,size=1,time=2',
  lateness: '--lateness',
  calibration: '--calibration',
  backend: '--backend cpu',
  threads: '--threads',
  keepSlabs: null, // for views, which commands do not have
  timestamps: null, // for benchmarks
  top: '--top',
  mostTrades: null, // commands keep trades on disk
  mostHotspots: null, // commands have --top
  size: null, // of a batch of ticks, for programs only
}

/** What to do about an error, with the options to change. */
export function fixText({ fix, settings }: Pick<VoxriskError, 'fix' | 'settings'>): string {
  const options = settings.flatMap(setting => SETTING_OPTIONS[setting] ?? [])
  return options.length === 0 ? fix : `${fix.replace(/\.$/, '')} (${options.join(', ')}).`
}
