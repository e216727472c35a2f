import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useLocale } from '../messages/use-locale'

interface Props {
  /** The text to copy. */
  text: string
  /** The label of the button. */
  label: string
  size?: 'xs' | 'sm'
  /** Whether the button has the focus when its dialog opens. */
  autoFocus?: boolean
  /** Called after the text was copied. */
  onCopied?: () => void
  /** Called if the browser refuses: without TLS, or if the user does not allow it. */
  onRefused?: () => void
}

/** A button that copies a text and shows whether that worked. */
export const CopyButton = ({
  text,
  label,
  size = 'sm',
  autoFocus = false,
  onCopied,
  onRefused,
}: Props) => {
  const { t } = useLocale()
  const { copied, error, copy } = useClipboard({ timeout: 3000 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each copy.
  useEffect(() => {
    if (copied) onCopied?.()
  }, [copied])
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each refusal.
  useEffect(() => {
    if (error !== null) onRefused?.()
  }, [error])
  return (
    <Button
      variant="default"
      size={size}
      flex="none"
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      leftSection={
        copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
      }
      onClick={() => copy(text)}
    >
      <span aria-live="polite">
        {copied ? t('ui.copyButton.copied') : error === null ? label : t('ui.copyButton.failed')}
      </span>
    </Button>
  )
}
