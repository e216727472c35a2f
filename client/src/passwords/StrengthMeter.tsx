import { Text } from '@mantine/core'
import { useDeferredValue, useEffect, useState } from 'react'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import classes from './StrengthMeter.module.css'

type StrengthOf = typeof import('./strength').strengthOf

const strengthMessages: readonly PlainMessageId[] = [
  'passwords.strength.0',
  'passwords.strength.1',
  'passwords.strength.2',
  'passwords.strength.3',
  'passwords.strength.4',
]

/** Shows how hard the password is to guess. This is only advice: no password is rejected for it. */
export const StrengthMeter = ({
  password,
  known,
}: {
  password: string
  known: readonly string[]
}) => {
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
  const score = judged === '' || strengthOf === undefined ? null : strengthOf(judged, known)
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
