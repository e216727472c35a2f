import { Text } from '@mantine/core'
import { useDeferredValue, useEffect, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import type { JudgedRule } from './new-password'
import { isExclusion } from './rule-words'
import classes from './StrengthMeter.module.css'

type StrengthOf = typeof import('./strength').strengthOf

const strengthMessages: readonly PlainMessageId[] = [
  'passwords.strength.0',
  'passwords.strength.1',
  'passwords.strength.2',
  'passwords.strength.3',
  'passwords.strength.4',
]

interface Props {
  password: string
  /** The words that an attacker would know. */
  known: readonly string[]
  /** The rules of the policy with their results. */
  rules: readonly JudgedRule[]
}

/** The greatest strength to show: a refused password must not look strong. */
const maxScoreOf = (rules: readonly JudgedRule[]): number => {
  const unmet = rules.filter(({ verdict }) => verdict === 'unmet')
  // An attacker tries excluded passwords first.
  if (unmet.some(isExclusion)) return 1
  return unmet.length > 0 ? 2 : 4
}

/** Shows how hard the password is to guess. This is only advice: no password is rejected for it. */
export const StrengthMeter = ({ password, known, rules }: Props) => {
  const { t } = useLocale()
  const [strengthOf, setStrengthOf] = useState<StrengthOf>()
  const judged = useDeferredValue(password)
  const typed = password !== ''
  useEffect(() => {
    if (!typed) return
    let wanted = true
    import('./strength').then(
      module => wanted && setStrengthOf(() => module.strengthOf),
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [typed])
  const score =
    judged === '' || strengthOf === undefined
      ? null
      : Math.min(strengthOf(judged, known), maxScoreOf(rules))
  const words = score === null ? undefined : strengthMessages[score]
  return (
    <div className={classes.meter} data-score={score ?? undefined}>
      <div className={classes.bars} aria-hidden>
        {[1, 2, 3, 4].map(bar => (
          <span key={bar} className={classes.bar} data-filled={score !== null && score >= bar} />
        ))}
      </div>
      <Text size="sm" component="span" className={classes.word}>
        {words === undefined ? '' : t(words)}
      </Text>
    </div>
  )
}
