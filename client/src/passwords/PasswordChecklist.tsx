import { Text, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import type { Locale, MessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import type { JudgedRule, Verdict } from './new-password'
import { missingInWords } from './new-password-errors'
import classes from './PasswordChecklist.module.css'

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

const summaryOf = (
  locale: Pick<Locale, 't' | 'formatList'>,
  rules: readonly JudgedRule[],
): string => {
  const { t } = locale
  const judged = rules.filter(rule => rule.verdict !== 'open')
  if (judged.length === 0) return ''
  const unmet = judged.filter(rule => rule.verdict === 'unmet')
  const open = rules.length - judged.length
  return [
    t('passwords.checklist.summary', { met: judged.length - unmet.length, count: judged.length }),
    missingInWords(locale, rules),
    open === 0 ? '' : t('passwords.checklist.more', { count: open }),
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

/** The rules of the policy, each met, unmet or not yet checked. */
export const PasswordChecklist = ({ rules }: { rules: readonly JudgedRule[] }) => {
  const locale = useLocale()
  // Announced when the user pauses, not with every key.
  const [summary] = useDebouncedValue(summaryOf(locale, rules), 700)
  const begun = rules.some(rule => rule.verdict !== 'open')
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {locale.t('passwords.checklist.heading')}
      </Text>
      <ul className={classes.rules}>
        {rules.map(({ rule, description, verdict }) => {
          const Icon = icons[verdict]
          return (
            <li key={rule} data-rule={rule} data-verdict={verdict} className={classes.rule}>
              <Icon size={18} aria-hidden className={classes.icon} />
              <span>
                {begun && verdict === 'open' ? (
                  <Message
                    id="passwords.checklist.later"
                    values={{
                      rule: description,
                      note: content => <small className={classes.later}>{content}</small>,
                    }}
                  />
                ) : (
                  <Message
                    id={ruleMessages[verdict]}
                    values={{
                      rule: description,
                      hidden: content => <VisuallyHidden>{content}</VisuallyHidden>,
                    }}
                  />
                )}
              </span>
            </li>
          )
        })}
      </ul>
      <VisuallyHidden role="status" aria-live="polite">
        {summary}
      </VisuallyHidden>
    </div>
  )
}
