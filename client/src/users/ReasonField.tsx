import { Textarea } from '@mantine/core'
import type { RefObject } from 'react'
import { useLocale } from '../messages/use-locale'

/** The maximum length of a reason, as the server allows it. */
const maxLength = 500

interface Props {
  ref: RefObject<HTMLTextAreaElement | null>
  value: string
  onChange: (reason: string) => void
  /** Whether the reason is missing. */
  invalid: boolean
}

/** The field for the reason of a block. */
export const ReasonField = ({ ref, value, onChange, invalid }: Props) => {
  const { t } = useLocale()
  return (
    <Textarea
      ref={ref}
      label={t('users.block.reason')}
      description={t('users.block.reasonHint')}
      required
      withAsterisk={false}
      autosize
      minRows={2}
      maxRows={6}
      maxLength={maxLength}
      value={value}
      error={invalid ? t('users.block.reasonMissing') : null}
      onChange={event => onChange(event.currentTarget.value)}
      data-autofocus
    />
  )
}
