import { useMutation } from '@apollo/client/react'
import { Switch } from '@mantine/core'
import { useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { notifySuccess } from '../ui/notify'
import { SettingsCard } from './SettingsCard'

const OwnDeletionSetting = graphql(`
  query OwnDeletionSetting {
    ownDeletionSettings {
      allowed
      waitDays
    }
  }
`)

const UpdateOwnDeletion = graphql(`
  mutation UpdateOwnDeletion($input: UpdateOwnDeletionInput!) {
    updateOwnDeletion(input: $input) {
      settings {
        allowed
        waitDays
      }
    }
  }
`)

/** Whether users may delete their own accounts. */
export const OwnDeletionCard = () => {
  const { t } = useLocale()
  const [update, { loading }] = useMutation(UpdateOwnDeletion, {
    update: (cache, { data: answer }) => {
      const saved = answer?.updateOwnDeletion.settings
      if (saved === undefined) return
      cache.writeQuery({ query: OwnDeletionSetting, data: { ownDeletionSettings: saved } })
    },
  })
  const [failure, setFailure] = useState<string | null>(null)
  const save = async (allowed: boolean) => {
    setFailure(null)
    try {
      await update({ variables: { input: { allowed } } })
      notifySuccess(t('settings.general.saved'))
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }
  return (
    <SettingsCard
      id="own-deletion"
      title={t('settings.ownDeletion.title')}
      query={OwnDeletionSetting}
      height={48}
    >
      {({ ownDeletionSettings: { allowed, waitDays } }) => (
        <Switch
          label={t('settings.ownDeletion.switch')}
          description={t('settings.ownDeletion.hint', { days: waitDays })}
          checked={allowed}
          error={failure}
          onChange={event => {
            if (!loading) void save(event.currentTarget.checked)
          }}
        />
      )}
    </SettingsCard>
  )
}
