import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'
import type { Translate } from '../messages/locale'

// Shades of teal. The contrast of shade 7 on white and of shade 4 on dark is above 4.5:1 (WCAG
// 2.2, 1.4.3).
const rekey: MantineColorsTuple = [
  '#effcf9',
  '#d5f5ee',
  '#abe9de',
  '#76d9ca',
  '#43c2b2',
  '#22a596',
  '#158679',
  '#0f6c63',
  '#0d5650',
  '#0b4742',
]

/** The look of Rekey, with the labels that components have by default. */
export const themeOf = (t: Translate) =>
  createTheme({
    colors: { rekey },
    primaryColor: 'rekey',
    primaryShade: { light: 7, dark: 7 },
    defaultRadius: 'md',
    // With large letters on a small screen, the spacing shrinks in favour of the text.
    spacing: { md: 'min(1rem, 4.5vw)', lg: 'min(1.25rem, 5.5vw)', xl: 'min(2rem, 8.5vw)' },
    cursorType: 'pointer',
    respectReducedMotion: true,
    fontFamily:
      'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
    headings: { fontWeight: '650' },
    components: {
      // On some backgrounds a title in the same colour has too little contrast (WCAG 2.2,
      // 1.4.3).
      Alert: {
        // The primary colour is green, which would make a refusal look like a success.
        defaultProps: { color: 'gray' },
        styles: { title: { color: 'var(--mantine-color-bright)' } },
      },
      // The placeholder would be in the menu, without being an item.
      Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
      // The header of a dialog is not the banner of the page. It is set by name, because an
      // import would load the dialog on every page.
      Modal: {
        defaultProps: {
          attributes: { header: { role: 'presentation' } },
          closeButtonProps: { 'aria-label': t('ui.button.close') },
        },
      },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': t('ui.button.close') } } },
    },
  })

/** A colour over whatever is below it, in percent. */
const tint = (color: string, percent: number) =>
  `color-mix(in srgb, ${color} ${percent}%, transparent)`

/**
 * Texts, borders and focus rings with enough contrast (WCAG 2.2: 1.4.3 requires 4.5 to 1 for texts,
 * 1.4.11 requires 3 to 1 for borders of fields and for the focus). In the dark scheme each level is
 * lighter than the one below it: page, card, dialog or menu.
 */
export const cssVariables: CSSVariablesResolver = ({ colors, primaryColor }) => {
  const primary = (shade: number) => `var(--mantine-color-${primaryColor}-${shade})`
  return {
    variables: {},
    light: {
      '--mantine-color-dimmed': colors.gray[7],
      '--mantine-color-placeholder': colors.gray[7],
      '--mantine-color-error': colors.red[9],
      '--rekey-focus': primary(7),
      // Darker than shade 6, because the pixels of a round edge are blended with the background.
      '--rekey-field-border': '#757d85',
      '--rekey-button-border': '#8b949c',
      '--rekey-field': 'var(--mantine-color-white)',
      '--rekey-card': 'var(--mantine-color-white)',
      '--rekey-overlay': 'var(--mantine-color-white)',
      '--rekey-checked-border': primary(7),
    },
    dark: {
      // ThemeColor has the same colour.
      '--mantine-color-body': colors.dark[9],
      '--mantine-color-dimmed': colors.dark[1],
      '--mantine-color-placeholder': colors.dark[1],
      '--mantine-color-error': colors.red[4],
      // On a card, the default background of a disabled element could not be seen.
      '--mantine-color-disabled': colors.dark[5],
      '--mantine-color-anchor': primary(3),
      // By default a chosen or light element is darker than the page.
      [`--mantine-color-${primaryColor}-light`]: tint(primary(4), 18),
      [`--mantine-color-${primaryColor}-light-hover`]: tint(primary(4), 26),
      [`--mantine-color-${primaryColor}-light-color`]: primary(1),
      // The default is a dark and strong colour, which makes a small hint look like an alarm.
      ...Object.fromEntries(
        (['red', 'yellow', 'blue'] as const).flatMap(name => [
          [`--mantine-color-${name}-light`, tint(colors[name][5], 15)],
          [`--mantine-color-${name}-light-hover`, tint(colors[name][5], 21)],
        ]),
      ),
      '--mantine-color-gray-light': tint(colors.gray[4], 14),
      '--mantine-color-gray-light-hover': tint(colors.gray[4], 20),
      '--rekey-focus': primary(4),
      '--rekey-field-border': colors.dark[2],
      // Weaker than the border of a field, but 3 to 1 in a dialog too.
      '--rekey-button-border': '#909090',
      '--rekey-field': colors.dark[8],
      '--rekey-card': colors.dark[7],
      '--rekey-overlay': colors.dark[6],
      '--rekey-checked-border': primary(4),
    },
  }
}
