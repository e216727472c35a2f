import { useMediaQuery } from '@mantine/hooks'

/** Whether the screen is as narrow as a phone. Large dialogs then fill the screen. */
export const usePhone = (): boolean =>
  useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false }) ?? false
