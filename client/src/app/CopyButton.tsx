import { Button } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'

interface Props {
  /** What it copies. */
  text: string
  /** The word on it. */
  label: string
}

/** Copies a text, and says whether it did. */
export const CopyButton = ({ text, label }: Props) => {
  const { copied, error, copy } = useClipboard({ timeout: 3000 })
  return (
    <Button
      variant="default"
      size="sm"
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
