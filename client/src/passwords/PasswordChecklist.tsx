import { Text, VisuallyHidden } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCircleCheckFilled, IconCircleDashed, IconCircleX } from '@tabler/icons-react'
import { type JudgedRule, missingInWords, type Verdict } from './new-password'
import classes from './PasswordChecklist.module.css'

const looks: Record<Verdict, { Icon: typeof IconCircleX; told: string }> = {
  met: { Icon: IconCircleCheckFilled, told: 'met' },
  unmet: { Icon: IconCircleX, told: 'not met' },
  open: { Icon: IconCircleDashed, told: 'not yet checked' },
}

const summaryOf = (rules: readonly JudgedRule[]): string => {
  const judged = rules.filter(rule => rule.verdict !== 'open')
  if (judged.length === 0) return ''
  const unmet = judged.filter(rule => rule.verdict === 'unmet')
  const open = rules.length - judged.length
  return [
    `${judged.length - unmet.length} of ${judged.length} requirements met.`,
    missingInWords(rules),
    open === 0 ? '' : `${open} more checked on save.`,
  ]
    .filter(sentence => sentence !== '')
    .join(' ')
}

/** The rules of the policy, each met, unmet or not yet checked. */
export const PasswordChecklist = ({ rules }: { rules: readonly JudgedRule[] }) => {
  // Announced when the user pauses, not with every key.
  const [summary] = useDebouncedValue(summaryOf(rules), 700)
  const begun = rules.some(rule => rule.verdict !== 'open')
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        The new password
      </Text>
      <ul className={classes.rules}>
        {rules.map(({ rule, description, verdict }) => {
          const { Icon, told } = looks[verdict]
          return (
            <li key={rule} data-rule={rule} data-verdict={verdict} className={classes.rule}>
              <Icon size={18} aria-hidden className={classes.icon} />
              {begun && verdict === 'open' ? (
                <span>
                  {description} <small className={classes.later}>(checked on save)</small>
                </span>
              ) : (
                <>
                  <span>{description}</span>
                  <VisuallyHidden>: {told}</VisuallyHidden>
                </>
              )}
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
