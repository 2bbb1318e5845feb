/** A part of a map: time in ms since 1970, price in quote currency. */
export interface Box {
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
}

/** The part of the map that is shown. Only this class changes it; renderers listen to it. */
export class Viewport {
  private shown: Box
  private readonly listeners: (() => void)[] = []

  /** @param least the smallest box worth showing: [ms, price] */
  constructor(
    readonly whole: Box,
    private readonly least: readonly [time: number, price: number],
  ) {
    this.shown = whole
  }

  get box(): Box {
    return this.shown
  }

  get isWhole(): boolean {
    const { shown, whole } = this
    return (['from', 'to', 'low', 'high'] as const).every(edge => shown[edge] === whole[edge])
  }

  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** Shows a box, kept within the whole and no smaller than the least. */
  show({ from, to, low, high }: Box): void {
    const { whole, least } = this
    const [left, right] = within(from, to, whole.from, whole.to, least[0])
    const [bottom, top] = within(low, high, whole.low, whole.high, least[1])
    this.shown = { from: left, to: right, low: bottom, high: top }
    for (const listener of this.listeners) listener()
  }

  reset(): void {
    this.show(this.whole)
  }

  /** Zooms by a factor (< 1 shows less) around a point, by default the middle. */
  zoom(factor: number, at?: { readonly time: number; readonly price: number }): void {
    const { from, to, low, high } = this.shown
    const time = at?.time ?? (from + to) / 2
    const price = at?.price ?? (low + high) / 2
    this.show({
      from: time - (time - from) * factor,
      to: time + (to - time) * factor,
      low: price - (price - low) * factor,
      high: price + (high - price) * factor,
    })
  }

  /** Moves by fractions of the visible box. */
  pan(time: number, price: number): void {
    const { from, to, low, high } = this.shown
    const [dx, dy] = [(to - from) * time, (high - low) * price]
    this.show({ from: from + dx, to: to + dx, low: low + dy, high: high + dy })
  }

  /** Centres a point, showing at most the given width and height around it. */
  approach(time: number, price: number, width: number, height: number): void {
    this.show({
      from: time - width / 2,
      to: time + width / 2,
      low: price - height / 2,
      high: price + height / 2,
    })
  }
}

/** Shifts a span, and cuts it if necessary, to fit within limits. */
function within(from: number, to: number, least: number, most: number, smallest: number): [number, number] {
  const length = Math.min(Math.max(to - from, smallest), most - least)
  if (length >= most - least) return [least, most]
  if (length === to - from && from >= least && to <= most) return [from, to]
  const start = Math.min(Math.max((from + to) / 2 - length / 2, least), most - length)
  return [start, start + length]
}
