import { Radio, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { AffectedUsers } from './AffectedUsers'
import { dayOf, requiredFromBounds, startOf } from './required-from'

interface Props {
  opened: boolean
  /** The saved date from which a second factor is required; null if there is none. */
  from: string | null
  /** Saves the policy with a date, or null for at once. Returns the reason if it was rejected. */
  onConfirm: (from: string | null) => Promise<string | null>
  onClose: () => void
}

/** Asks before a second factor is required: shows how many users have none, and asks for the first day. */
export const RequireSecondFactorDialog = ({ opened, from, onConfirm, onClose }: Props) => {
  const { t } = useLocale()
  const [when, setWhen] = useState<'now' | 'day'>('now')
  const [day, setDay] = useState('')
  const [error, setError] = useState<string | null>(null)
  useEffect(() => {
    if (!opened) return
    setWhen(from === null ? 'now' : 'day')
    setDay(from === null ? '' : dayOf(new Date(from)))
    setError(null)
  }, [opened, from])
  const { first, last } = requiredFromBounds()
  return (
    <ConfirmDialog
      opened={opened}
      title={t('settings.requireSecondFactor.title')}
      confirm={t('settings.requireSecondFactor.confirm')}
      isReady={() => {
        const isValid = when === 'now' || startOf(day) !== null
        setError(isValid ? null : t('settings.requireSecondFactor.dayRange'))
        return isValid
      }}
      onConfirm={() => onConfirm(when === 'now' ? null : startOf(day))}
      onClose={onClose}
    >
      {opened && (
        <AffectedUsers
          filter={{ hasSecondFactor: false, statuses: ['ACTIVE'] }}
          search="status=ACTIVE&secondFactor=none"
          messages={['settings.affected.secondFactor', 'settings.affected.secondFactorAtLeast']}
        />
      )}
      <Text size="sm">{t('settings.requireSecondFactor.text')}</Text>
      <Radio.Group
        label={t('settings.requireSecondFactor.when')}
        value={when}
        onChange={value => {
          setWhen(value as 'now' | 'day')
          setError(null)
        }}
      >
        <Stack gap="sm" mt="xs">
          <Radio
            value="now"
            label={t('settings.requireSecondFactor.now')}
            description={t('settings.requireSecondFactor.nowHint')}
          />
          <Radio
            value="day"
            label={t('settings.requireSecondFactor.day')}
            description={t('settings.requireSecondFactor.dayHint')}
          />
        </Stack>
      </Radio.Group>
      {when === 'day' && (
        <TextInput
          type="date"
          label={t('settings.requireSecondFactor.firstDay')}
          min={first}
          max={last}
          value={day}
          error={error}
          onChange={event => {
            setDay(event.currentTarget.value)
            setError(null)
          }}
        />
      )}
    </ConfirmDialog>
  )
}
