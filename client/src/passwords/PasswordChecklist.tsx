import { Text, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import type { MessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import type { JudgedRule, Verdict } from './new-password'
import classes from './PasswordChecklist.module.css'
import { checklistOf, exclusionsInWords, type OwnerName } from './rule-words'

const icons: Record<Verdict, typeof IconCircleX> = {
  met: IconCircleCheckFilled,
  unmet: IconCircleX,
  open: IconCircleDashed,
}

const ruleMessages = {
  met: 'passwords.checklist.met',
  unmet: 'passwords.checklist.unmet',
  open: 'passwords.checklist.open',
} as const satisfies Record<Verdict, MessageId>

interface Props {
  rules: readonly JudgedRule[]
  /** The name of the user whose password it will be; null if it is the reader's own. */
  owner?: OwnerName
}

/**
 * What a new password must have, each requirement met, unmet or not yet checked. What it must not be
 * stands in one line below, until the password breaks such a rule.
 */
export const PasswordChecklist = ({ rules, owner = null }: Props) => {
  const locale = useLocale()
  const { t } = locale
  const items = checklistOf(t, rules, owner)
  const notAllowed = exclusionsInWords(locale, rules, owner)
  const begun = rules.some(rule => rule.verdict !== 'open')
  const missing = items.filter(item => item.verdict !== 'met').length
  // Announced when the user pauses, not with every key.
  const [summary] = useDebouncedValue(
    begun ? t('passwords.checklist.summary', { count: missing }) : '',
    700,
  )
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {t('passwords.checklist.heading')}
      </Text>
      <ul className={classes.rules}>
        {items.map(({ rules: codes, words, verdict }) => {
          const Icon = icons[verdict]
          return (
            <li
              key={codes[0]}
              data-rule={codes.join(' ')}
              data-verdict={verdict}
              className={classes.rule}
            >
              <Icon size={18} aria-hidden className={classes.icon} />
              <span>
                <Message
                  id={ruleMessages[verdict]}
                  values={{
                    rule: words,
                    hidden: content => <VisuallyHidden>{content}</VisuallyHidden>,
                  }}
                />
              </span>
            </li>
          )
        })}
      </ul>
      {notAllowed !== '' && (
        <Text size="xs" c="dimmed" mt={6}>
          {notAllowed}
        </Text>
      )}
      <VisuallyHidden role="status" aria-live="polite">
        {summary}
      </VisuallyHidden>
    </div>
  )
}
