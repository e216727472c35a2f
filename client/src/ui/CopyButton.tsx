import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect } from 'react'

interface Props {
  /** What it copies. */
  text: string
  /** The word on it. */
  label: string
  /** Whether it has the focus when its dialog opens. */
  autoFocus?: boolean
  /** Is called once it has been copied. */
  onCopied?: () => void
}

/** Copies a text, and says whether it did. */
export const CopyButton = ({ text, label, autoFocus = false, onCopied }: Props) => {
  const { copied, error, copy } = useClipboard({ timeout: 3000 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each copy.
  useEffect(() => {
    if (copied) onCopied?.()
  }, [copied])
  return (
    <Button
      variant="default"
      size="sm"
      flex="none"
      {...(autoFocus ? { 'data-autofocus': true } : {})}
      leftSection={
        copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
      }
      onClick={() => copy(text)}
    >
      <span aria-live="polite">
        {copied ? 'Copied' : error === null ? label : 'Copying is not possible here'}
      </span>
    </Button>
  )
}
