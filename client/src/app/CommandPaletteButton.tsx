import { ActionIcon, UnstyledButton } from '@mantine/core'
import { useHotkeys, useOs } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { type ComponentType, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { isDialogOpen } from '../ui/dialogs'
import { notifyProblem } from '../ui/notify'
import type { CommandPaletteProps } from './CommandPalette'
import classes from './CommandPaletteButton.module.css'

const loadPalette = () => import('./CommandPalette')

/**
 * Opens the command palette, also with Ctrl K, or ⌘ K on Apple's systems, where Ctrl K deletes text.
 * The palette loads when it is first opened.
 */
export const CommandPaletteButton = ({ viewer }: Pick<CommandPaletteProps, 'viewer'>) => {
  const { t } = useLocale()
  const os = useOs({ getValueInEffect: false })
  const isApple = os === 'macos' || os === 'ios'
  const [Palette, setPalette] = useState<ComponentType<CommandPaletteProps>>()
  const [opened, setOpened] = useState(false)
  const open = async () => {
    if (isDialogOpen()) return
    try {
      const { CommandPalette } = await loadPalette()
      // In the meantime another dialog may have opened.
      if (isDialogOpen()) return
      setPalette(() => CommandPalette)
      setOpened(true)
    } catch (problem) {
      notifyProblem(t, t('app.palette.notLoaded'), problem)
    }
  }
  const keys = isApple ? 'meta+K' : 'ctrl+K'
  const onKeys = () => void open()
  useHotkeys(
    [
      [keys, onKeys],
      // With a keyboard that has no Latin letters.
      [keys, onKeys, { usePhysicalKeys: true }],
    ],
    [],
    true,
  )
  // If this fails, the palette loads when it opens.
  const prefetch = () => void loadPalette().catch(() => undefined)
  const button = {
    'aria-haspopup': 'dialog',
    'aria-keyshortcuts': isApple ? 'Meta+K' : 'Control+K',
    onClick: () => void open(),
    onFocus: prefetch,
    onPointerEnter: prefetch,
  } as const
  return (
    <>
      <UnstyledButton {...button} className={classes.field} visibleFrom="sm">
        <IconSearch size={16} aria-hidden />
        {t('app.palette.button')}
        <kbd className={classes.keys} aria-hidden>
          {t(isApple ? 'app.palette.keysApple' : 'app.palette.keys')}
        </kbd>
      </UnstyledButton>
      <ActionIcon
        {...button}
        variant="subtle"
        color="gray"
        size="lg"
        hiddenFrom="sm"
        aria-label={t('app.palette.button')}
      >
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
      {Palette !== undefined && (
        <Palette viewer={viewer} opened={opened} onClose={() => setOpened(false)} />
      )}
    </>
  )
}
