import type { Stage } from '../job/stages.ts'
import { grouped } from '../units/grouped.ts'

const REDRAW_MS = 100
const VERBS: Record<Stage, string> = { read: 'reading', calibrate: 'calibrating', map: 'mapping' }

/** A line on a terminal with rows, rows per second and time since the start. Draws nothing elsewhere. */
export class Progress {
  private readonly start: number
  private stage: Stage | null = null
  private stageStart = 0
  private drawn = 0

  /** @param now a clock in ms */
  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.start = now()
  }

  readonly update = (stage: Stage, rows: number): void => {
    if (!this.out.isTTY) return
    const now = this.now()
    if (stage !== this.stage) {
      this.stage = stage
      this.stageStart = now
    } else if (now - this.drawn < REDRAW_MS) return
    this.drawn = now
    const seconds = (now - this.stageStart) / 1000
    const rate = seconds > 0.2 ? `${grouped(Math.round(rows / seconds))} rows/s` : ''
    const elapsed = `${((now - this.start) / 1000).toFixed(1)} s`
    this.write(`${VERBS[stage]}  ${grouped(rows)} rows  ${rate}  ${elapsed}`)
  }

  /** Clears the line. */
  end(): void {
    if (this.out.isTTY && this.stage) this.write('')
  }

  private write(line: string): void {
    this.out.write(`\r\x1b[2K${line}`)
  }
}
