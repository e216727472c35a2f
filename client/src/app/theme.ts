import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

// Teal of one hue; 7 on white and 4 on dark are above 4.5:1 (WCAG 2.2, 1.4.3).
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

/** The look of Rekey. */
export const theme = createTheme({
  colors: { rekey },
  primaryColor: 'rekey',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  // Where letters are large and the screen is small, the room is for the letters.
  spacing: { md: 'min(1rem, 4.5vw)', lg: 'min(1.25rem, 5.5vw)', xl: 'min(2rem, 8.5vw)' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  headings: { fontWeight: '650' },
  components: {
    // A title in the colour of its ground is too pale to be read on some of them (WCAG 2.2, 1.4.3).
    Alert: { styles: { title: { color: 'var(--mantine-color-bright)' } } },
    // The head of a dialog is no banner of the page. By its name alone: every page would
    // otherwise load the dialog with its theme.
    Modal: {
      defaultProps: {
        attributes: { header: { role: 'presentation' } },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    },
  },
})

/** Quiet and warning text, dark enough to be read (WCAG 2.2, 1.4.3: 4.5 to 1). */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': colors.gray[7],
    '--mantine-color-placeholder': colors.gray[7],
    '--mantine-color-error': colors.red[9],
  },
  dark: {
    '--mantine-color-dimmed': colors.dark[1],
    '--mantine-color-placeholder': colors.dark[1],
    '--mantine-color-error': colors.red[4],
    // On a card its own ground could not be seen.
    '--mantine-color-disabled': colors.dark[5],
    '--mantine-color-anchor': colors.rekey?.[3] ?? colors.teal[3],
  },
})
