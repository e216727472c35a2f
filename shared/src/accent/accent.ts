/** A colour as `#rrggbb`, in lower case. */
const hexPattern = /^#[0-9a-f]{6}$/

/** The number of shades, from the lightest to the darkest. */
export const shadeCount = 10

/** The shade for buttons, links and focus on light backgrounds. */
export const lightShade = 7

/** The shade for buttons and focus on dark backgrounds. Its text is white as well. */
export const darkShade = 6

// The light background with the least contrast to dark text: that of mails and of the sign-in page.
const lightBackground = '#f1f3f5'

/** The least contrast of text (WCAG 2.2, 1.4.3). */
const textContrast = 4.5

type Triple = readonly [number, number, number]

/** Reads a colour in upper or lower case. Returns null if it is not `#rrggbb`. */
export const readColor = (typed: string): string | null => {
  const color = typed.trim().toLowerCase()
  return hexPattern.test(color) ? color : null
}

const linearOf = (color: string): Triple =>
  [1, 3, 5].map(at => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as unknown as Triple

const hexOf = (linear: Triple): string =>
  `#${linear
    .map(value => {
      const bound = Math.min(1, Math.max(0, value))
      const encoded = bound <= 0.0031308 ? bound * 12.92 : 1.055 * bound ** (1 / 2.4) - 0.055
      return Math.round(encoded * 255)
        .toString(16)
        .padStart(2, '0')
    })
    .join('')}`

/** The relative luminance of a colour (WCAG 2.2), from 0 to 1. */
export const luminanceOf = (color: string): number => {
  const [red, green, blue] = linearOf(color)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast of two colours (WCAG 2.2), from 1 to 21. */
export const contrastOf = (one: string, other: string): number => {
  const [low, high] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b) as [
    number,
    number,
  ]
  return (high + 0.05) / (low + 0.05)
}

// OKLab (Björn Ottosson, 2020): colours of the same lightness look equally light.
const labOf = (color: string): Triple => {
  const [r, g, b] = linearOf(color)
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ]
}

const linearOfLab = ([lightness, a, b]: Triple): Triple => {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const isShown = (linear: Triple): boolean =>
  linear.every(value => value >= -0.0001 && value <= 1.0001)

/** A number from 0 to 1 as close as possible to where a condition that holds at 0 ends. */
const boundOf = (holds: (value: number) => boolean): number => {
  let [low, high] = [0, 1]
  for (let step = 0; step < 20; step += 1) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/** The colour with this hue and lightness, as vivid as `chroma` and a screen allow. */
const colorAt = ([, a, b]: Triple, lightness: number, chroma: number): string => {
  const at = (share: number) => linearOfLab([lightness, a * chroma * share, b * chroma * share])
  return hexOf(at(isShown(at(1)) ? 1 : boundOf(share => isShown(at(share)))))
}

/** The lightest colour with this hue whose luminance is at most `luminance`. */
const colorOfLuminance = (lab: Triple, luminance: number, chroma = 1): string =>
  colorAt(
    lab,
    boundOf(lightness => luminanceOf(colorAt(lab, lightness, chroma)) <= luminance),
    chroma,
  )

// The luminance and vividness of the shades that are lighter than those of buttons. The contrast of
// the first five on the dark backgrounds is above 4.5.
const lightShades = [
  [0.92, 0.2],
  [0.83, 0.35],
  [0.68, 0.6],
  [0.52, 0.8],
  [0.38, 1],
  [0.26, 1],
] as const

/** The shades of an accent colour. */
export interface Accent {
  /** Ten shades from the lightest to the darkest. */
  readonly shades: readonly string[]
  /** Whether the colour itself has too little contrast, so that a darker shade replaces it. */
  readonly adjusted: boolean
}

/**
 * The shades of an accent colour, with enough contrast in both themes (WCAG 2.2, 1.4.3 and 1.4.11):
 *
 * - {@link lightShade}: the colour itself, or the lightest darker one with 4.5:1 on light
 *   backgrounds, so that white text on it has even more.
 * - {@link darkShade}: 4.5:1 with white text and 3:1 on the dark background.
 * - the shades 0 to 4: 4.5:1 on dark backgrounds.
 *
 * @param color a colour as {@link readColor} returns it.
 */
export const accentOf = (color: string): Accent => {
  const lab = labOf(color)
  const greatest = (luminanceOf(lightBackground) + 0.05) / textContrast - 0.05
  const adjusted = contrastOf(color, lightBackground) < textContrast
  // A little less, because the bytes of a colour are rounded.
  const onLight = adjusted ? colorOfLuminance(lab, greatest - 0.002) : color
  const shade = luminanceOf(onLight)
  return {
    shades: [
      ...lightShades.map(([luminance, chroma]) => colorOfLuminance(lab, luminance, chroma)),
      colorOfLuminance(lab, 0.181),
      onLight,
      colorOfLuminance(lab, shade * 0.7),
      colorOfLuminance(lab, shade * 0.45),
    ],
    adjusted,
  }
}
