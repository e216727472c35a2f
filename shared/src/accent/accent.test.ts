import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { accentOf, contrastOf, darkShade, lightShade, readColor, shadeCount } from './accent.js'

const colors = fc
  .integer({ min: 0, max: 0xffffff })
  .map(value => `#${value.toString(16).padStart(6, '0')}`)

const shadeOf = (color: string, index: number) => accentOf(color).shades[index] ?? ''

describe('the shades of an accent colour', () => {
  it('are ten colours, for every colour', () => {
    fc.assert(
      fc.property(colors, color => {
        const { shades } = accentOf(color)
        expect(shades).toHaveLength(shadeCount)
        expect(shades.map(readColor)).toEqual(shades)
      }),
    )
  })

  it('contain the colour itself if it has enough contrast on light backgrounds', () => {
    for (const color of ['#0f6c63', '#000000', '#7a0019', '#4338ca']) {
      expect(accentOf(color)).toMatchObject({ adjusted: false })
      expect(shadeOf(color, lightShade)).toBe(color)
    }
    for (const color of ['#ffffff', '#ffcc00', '#00ff00', '#808080', '#ff6600']) {
      expect(accentOf(color)).toMatchObject({ adjusted: true })
      expect(shadeOf(color, lightShade)).not.toBe(color)
    }
  })

  it('have enough contrast for text and focus in both themes, for every colour', () => {
    fc.assert(
      fc.property(colors, color => {
        const { shades } = accentOf(color)
        for (const background of ['#ffffff', '#f8f9fa', '#f1f3f5']) {
          for (const shade of shades.slice(lightShade)) {
            expect(contrastOf(shade, background)).toBeGreaterThanOrEqual(4.5)
          }
        }
        // White text on a button, and its edge, in the dark theme.
        expect(contrastOf(shades[darkShade] ?? '', '#ffffff')).toBeGreaterThanOrEqual(4.5)
        expect(contrastOf(shades[darkShade] ?? '', '#242424')).toBeGreaterThanOrEqual(3)
        for (const background of ['#1f1f1f', '#242424', '#2e2e2e', '#3b3b3b']) {
          for (const shade of shades.slice(0, 5)) {
            expect(contrastOf(shade, background)).toBeGreaterThanOrEqual(4.5)
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('readColor', () => {
  it('reads #rrggbb in any case, and nothing else', () => {
    expect(readColor(' #0F6C63 ')).toBe('#0f6c63')
    for (const text of ['', '#fff', 'red', '0f6c63', '#0f6c6g', '#0f6c63;}', 'rgb(1,2,3)']) {
      expect(readColor(text)).toBeNull()
    }
  })
})

describe('contrastOf', () => {
  it('returns the contrast that WCAG defines', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21)
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })
})
