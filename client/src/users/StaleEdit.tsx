import { Alert, Button, Group, List, Radio, Stack, Text } from '@mantine/core'
import { IconGitMerge } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useEffect, useRef, useState } from 'react'
import { languageOptions } from './languages'
import {
  type MergedEdit,
  type ProfileField,
  type ProfileValues,
  profileFieldNames,
} from './profile-edit'

/** An edit that was rejected because another user saved first. */
export interface StaleEditState extends MergedEdit {
  /** The current profile. */
  readonly theirs: ProfileValues
}

const inWords = (field: ProfileField, value: string): string => {
  if (value === '') return 'Empty'
  if (field !== 'language') return value
  return languageOptions(value).find(option => option.value === value)?.label ?? value
}

/**
 * Shows the newer values next to the entered ones, with a choice for each conflict. No entered
 * value is lost.
 */
export const StaleEdit = ({ stale }: { stale: StaleEditState }) => {
  const { theirs, conflicts, takenOver } = stale
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
      title="Someone else has changed this profile meanwhile"
      role="alert"
      tabIndex={-1}
    >
      <Stack gap="md">
        <Text size="sm">
          {form.dirty
            ? `Nothing was saved yet. ${conflicts.length > 0 ? 'Choose what to keep' : 'Look through it'}, and save again.`
            : 'All of theirs is taken; there is nothing left to save.'}
        </Text>
        {conflicts.map(field => (
          <Radio.Group
            key={field}
            label={profileFieldNames[field]}
            value={isTheirs(field) ? 'theirs' : 'mine'}
            onChange={whose => choose([field], whose as 'mine' | 'theirs')}
          >
            <Stack gap={6} mt={6}>
              <Radio value="mine" label={`Keep mine: ${inWords(field, mine(field))}`} />
              <Radio value="theirs" label={`Take theirs: ${inWords(field, theirs[field])}`} />
            </Stack>
          </Radio.Group>
        ))}
        {conflicts.length > 1 && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={() => choose(conflicts, 'mine')}>
              Keep all of mine
            </Button>
            <Button size="xs" variant="default" onClick={() => choose(conflicts, 'theirs')}>
              Take all of theirs
            </Button>
          </Group>
        )}
        {takenOver.length > 0 && (
          <div>
            <Text size="sm" fw={500}>
              Changed by them alone, and taken over
            </Text>
            <List size="sm">
              {takenOver.map(field => (
                <List.Item key={field}>
                  {profileFieldNames[field]}: {inWords(field, theirs[field])}
                </List.Item>
              ))}
            </List>
          </div>
        )}
      </Stack>
    </Alert>
  )
}
