import { useMediaQuery } from '@mantine/hooks'

/** Whether the screen is as narrow as a phone's, which large dialogs fill. */
export const usePhone = (): boolean =>
  useMediaQuery('(max-width: 36em)', undefined, { getInitialValueInEffect: false }) ?? false
