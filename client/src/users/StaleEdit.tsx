import { Alert, Button, Group, List, Radio, Stack, Text } from '@mantine/core'
import { IconGitMerge } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useEffect, useRef, useState } from 'react'
import type { Locale } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { ownNameOf } from './LanguageSelect'
import {
  type MergedEdit,
  type ProfileField,
  type ProfileValues,
  profileFieldMessages,
} from './profile-edit'

/** An edit that was rejected because another user saved first. */
export interface StaleEditState extends MergedEdit {
  /** The current profile. */
  readonly theirs: ProfileValues
}

const inWords = ({ t }: Pick<Locale, 't'>, field: ProfileField, value: string): string => {
  if (value === '') return t('users.staleEdit.empty')
  return field === 'language' ? ownNameOf(value) : value
}

/**
 * Shows the newer values next to the entered ones, with a choice for each conflict. No entered
 * value is lost.
 */
export const StaleEdit = ({ stale }: { stale: StaleEditState }) => {
  const { theirs, conflicts, takenOver } = stale
  const locale = useLocale()
  const { t } = locale
  const shown = (field: ProfileField, value: string) => <bdi>{inWords(locale, field, value)}</bdi>
  const form = useFormikContext<ProfileValues>()
  const alert = useRef<HTMLDivElement>(null)
  // The entered values, kept while the form shows those of the other user.
  const [aside, setAside] = useState<Partial<ProfileValues>>({})
  useEffect(() => alert.current?.focus(), [])

  const isTheirs = (field: ProfileField) => form.values[field] === theirs[field]
  const mine = (field: ProfileField) =>
    isTheirs(field) ? (aside[field] ?? stale.values[field]) : form.values[field]
  const choose = (chosen: readonly ProfileField[], whose: 'mine' | 'theirs') => {
    const kept = Object.fromEntries(chosen.map(field => [field, mine(field)]))
    setAside({ ...aside, ...kept })
    const values = Object.fromEntries(chosen.map(field => [field, theirs[field]]))
    void form.setValues({ ...form.values, ...(whose === 'mine' ? kept : values) })
  }

  return (
    <Alert
      ref={alert}
      variant="default"
      icon={<IconGitMerge />}
      title={t('users.staleEdit.title')}
      role="alert"
      tabIndex={-1}
    >
      <Stack gap="md">
        <Text size="sm">
          {!form.dirty
            ? t('users.staleEdit.nothingLeft')
            : conflicts.length > 0
              ? t('users.staleEdit.choose')
              : t('users.staleEdit.review')}
        </Text>
        {conflicts.map(field => (
          <Radio.Group
            key={field}
            label={t(profileFieldMessages[field])}
            value={isTheirs(field) ? 'theirs' : 'mine'}
            onChange={whose => choose([field], whose as 'mine' | 'theirs')}
          >
            <Stack gap={6} mt={6}>
              <Radio
                value="mine"
                label={
                  <Message
                    id="users.staleEdit.keepMine"
                    values={{ value: shown(field, mine(field)) }}
                  />
                }
              />
              <Radio
                value="theirs"
                label={
                  <Message
                    id="users.staleEdit.takeTheirs"
                    values={{ value: shown(field, theirs[field]) }}
                  />
                }
              />
            </Stack>
          </Radio.Group>
        ))}
        {conflicts.length > 1 && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => choose(conflicts, 'mine')}>
              {t('users.staleEdit.keepAllMine')}
            </Button>
            <Button size="xs" variant="default" onClick={() => choose(conflicts, 'theirs')}>
              {t('users.staleEdit.takeAllTheirs')}
            </Button>
          </Group>
        )}
        {takenOver.length > 0 && (
          <div>
            <Text size="sm" fw={500}>
              {t('users.staleEdit.takenOver')}
            </Text>
            <List size="sm">
              {takenOver.map(field => (
                <List.Item key={field}>
                  <Message
                    id="users.staleEdit.fieldValue"
                    values={{
                      field: t(profileFieldMessages[field]),
                      value: shown(field, theirs[field]),
                    }}
                  />
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </Alert>
  )
}
