import { Text } from '@mantine/core'
import { useDeferredValue, useEffect, useState } from 'react'
import classes from './StrengthMeter.module.css'

type StrengthOf = typeof import('./strength').strengthOf

const words = ['very easy to guess', 'easy to guess', 'could be harder to guess', 'good', 'strong']

/** Shows how hard the password is to guess. This is only advice: no password is rejected for it. */
export const StrengthMeter = ({
  password,
  known,
}: {
  password: string
  known: readonly string[]
}) => {
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
  return (
    <div className={classes.meter} data-score={score ?? undefined}>
      <div className={classes.bars} aria-hidden>
        {[1, 2, 3, 4].map(bar => (
          <span key={bar} className={classes.bar} data-filled={score !== null && score >= bar} />
        ))}
      </div>
      <Text size="sm" component="span" className={classes.word}>
        {score === null ? '' : `Strength: ${words[score]}`}
      </Text>
    </div>
  )
}
