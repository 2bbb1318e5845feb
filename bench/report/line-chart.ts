/** A line chart as the page's script draws it, on two logarithmic axes. Plain JSON. */
export interface LineChart {
  readonly title: string
  readonly xLabel: string
  /** What the pointer's box writes behind a value of x. */
  readonly xUnit: string
  /** Bytes are counted in powers of two. */
  readonly xBytes: boolean
  readonly yLabel: string
  readonly lines: readonly Line[]
}

export interface Line {
  readonly name: string
  /** Class of its colour. */
  readonly tone: string
  readonly chrome: boolean
  readonly software: boolean
  /** By x, all above 0. */
  readonly points: readonly (readonly [x: number, y: number])[]
}
