/** Size in pixels of a CSS font such as `12px system-ui`. */
export function fontSize(font: string): number {
  return Number(/([\d.]+)px/.exec(font)?.[1] ?? 12)
}

/** The same font at another size and weight. */
export function fontLike(font: string, size: number, weight: number): string {
  return `${weight} ${size}px ${font.replace(/^.*?[\d.]+px(\/\S+)?\s*/, '') || 'sans-serif'}`
}
