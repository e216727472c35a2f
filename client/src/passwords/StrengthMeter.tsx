import { Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import type { JudgedRule } from './new-password'
import { isExclusion } from './rule-words'
import classes from './StrengthMeter.module.css'
import type { StrengthQuestion } from './start-strength-worker'

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

/** How hard a password is to guess, from 0 to 4; null while this is unknown. */
const useStrength = (password: string, known: readonly string[]): number | null => {
  const [worker, setWorker] = useState<Worker | null>(null)
  const [strength, setStrength] = useState<number | null>(null)
  const typed = password !== ''
  useEffect(() => {
    if (!typed) return
    let started: Worker | undefined
    let wanted = true
    import('./start-strength-worker')
      .then(({ startStrengthWorker }) => {
        if (!wanted) return
        started = startStrengthWorker()
        started.addEventListener('message', ({ data }: MessageEvent<number>) => setStrength(data))
        setWorker(started)
      })
      // Without a worker there is no advice.
      .catch(() => undefined)
    return () => {
      wanted = false
      // Nothing keeps the password.
      started?.terminate()
      setWorker(null)
      setStrength(null)
    }
  }, [typed])
  const words = known.join('\n')
  useEffect(() => {
    const question: StrengthQuestion = { password, known: words.split('\n') }
    worker?.postMessage(question)
  }, [worker, password, words])
  return strength
}

/** Shows how hard the password is to guess. This is only advice: no password is rejected for it. */
export const StrengthMeter = ({ password, known, rules }: Props) => {
  const { t } = useLocale()
  const strength = useStrength(password, known)
  const score = strength === null ? null : Math.min(strength, maxScoreOf(rules))
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
