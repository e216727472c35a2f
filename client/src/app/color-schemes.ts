import type { MantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react'
import type { PlainMessageId } from '../messages/locale'

/** A colour scheme that users can choose. */
interface ColorScheme {
  readonly name: PlainMessageId
  /** The scheme after this one, when a button goes through all of them. */
  readonly next: MantineColorScheme
  readonly Icon: typeof IconSun
}

/** The colour schemes that users can choose. */
export const colorSchemes: Record<MantineColorScheme, ColorScheme> = {
  auto: { name: 'app.colors.auto', next: 'light', Icon: IconDeviceDesktop },
  light: { name: 'app.colors.light', next: 'dark', Icon: IconSun },
  dark: { name: 'app.colors.dark', next: 'auto', Icon: IconMoon },
}
