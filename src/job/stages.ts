import type { TradeChunk } from '../events/trades.ts'

/** The stages of a job, in this order. */
export type Stage = 'read' | 'calibrate' | 'map'

/** Times the stages of a job and reports their progress. */
export class Stages {
  /** Seconds by stage; 0 for one that did not run. */
  readonly seconds: Record<Stage, number> = { read: 0, calibrate: 0, map: 0 }

  /** @param onProgress called now and then with the number of rows a stage has done */
  constructor(private readonly onProgress?: (stage: Stage, rows: number) => void) {}

  async timed<T>(stage: Stage, run: () => Promise<T>): Promise<T> {
    const start = performance.now()
    const result = await run()
    this.seconds[stage] = (performance.now() - start) / 1000
    return result
  }

  async *watched(stage: Stage, chunks: AsyncIterable<TradeChunk>): AsyncGenerator<TradeChunk> {
    let rows = 0
    for await (const chunk of chunks) {
      yield chunk
      rows += chunk.length
      this.onProgress?.(stage, rows)
    }
  }
}
