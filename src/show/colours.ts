type Rgb = readonly [red: number, green: number, blue: number]

/**
 * The colour map "magma", every 15th of its 256 entries: perceptually uniform, monotone in lightness,
 * readable with colour blindness and in greyscale. By Nathaniel Smith and Stéfan van der Walt for matplotlib,
 * released under CC0 (https://bids.github.io/colormap/).
 */
// biome-ignore format: a table
const MAGMA = [
  0x000004, 0x090720, 0x1a1042, 0x311165, 0x4a1079, 0x621980, 0x792282, 0x912b81, 0xaa337d,
  0xc23b75, 0xd9466b, 0xec5860, 0xf7725c, 0xfc8e64, 0xfeaa74, 0xfec68a, 0xfde2a3, 0xfcfdbf,
] as const

/** Shades between score 0 and the top. */
export const SHADES = 256

/** Faint colour of a score below 0. */
const FAINT: Readonly<Record<Theme, Rgb>> = { light: [236, 238, 242], dark: [35, 39, 48] }

/**
 * The part of the colour map used for scores from 0 to the top of the scale. On a light background high
 * scores are dark, on a dark background bright. The ends that would blend into the background are left out.
 */
const RANGE: Readonly<Record<Theme, readonly [from: number, to: number]>> = {
  light: [0.97, 0.04],
  dark: [0.14, 1],
}

export type Theme = 'light' | 'dark'

/**
 * The colour of a score: faint below 0, then along the palette up to `top`; scores above it get the top
 * colour.
 */
export function scoreColour(score: number, top: number, theme: Theme): Rgb {
  if (score < 0) return FAINT[theme]
  const [from, to] = RANGE[theme]
  // In steps, so that a striped legend and the map have exactly the same colours.
  const shade = Math.min(Math.round((score / top) * (SHADES - 1)), SHADES - 1) / (SHADES - 1)
  return magma(from + (to - from) * shade)
}

function magma(at: number): Rgb {
  const position = at * (MAGMA.length - 1)
  const below = Math.min(Math.floor(position), MAGMA.length - 2)
  const mixed = (shift: number) => {
    const [a, b] = [MAGMA[below], MAGMA[below + 1]].map(colour => (colour >>> shift) & 255)
    return Math.round(a + (b - a) * (position - below))
  }
  return [mixed(16), mixed(8), mixed(0)]
}

/**
 * The top of the colour scale, a whole score: 999 of 1,000 cells are below it. At least 4, so that a calm map
 * does not look hot.
 * @param hundredths scores of all cells
 */
export function scaleTop(hundredths: Int32Array): number {
  const high = hundredths.slice().sort()[Math.floor(hundredths.length * 0.999)] ?? 0
  return Math.max(4, Math.ceil(high / 100))
}
