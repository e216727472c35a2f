import { createTheme, type MantineColorsTuple } from '@mantine/core'

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
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  headings: { fontWeight: '650' },
})
