import { useMutation, useQuery } from '@apollo/client/react'
import { Card, Skeleton, Switch, Title } from '@mantine/core'
import { useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { describeFailure } from '../ui/describe-failure'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'

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
  const { data, error, refetch } = useQuery(OwnDeletionSetting, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
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
    <Card withBorder padding="lg" component="section" aria-labelledby="own-deletion">
      <Title order={2} size="h5" mb="md" id="own-deletion">
        {t('settings.ownDeletion.title')}
      </Title>
      {data !== undefined && (
        <Switch
          label={t('settings.ownDeletion.switch')}
          description={t('settings.ownDeletion.hint', { days: data.ownDeletionSettings.waitDays })}
          checked={data.ownDeletionSettings.allowed}
          error={failure}
          onChange={event => {
            if (!loading) void save(event.currentTarget.checked)
          }}
        />
      )}
      {data === undefined && error === undefined && (
        <Skeleton height={48} aria-busy="true" aria-label={t('settings.page.loading')} />
      )}
      {data === undefined && error !== undefined && (
        <LoadFailure failure={error} onRetry={() => void refetch()} />
      )}
    </Card>
  )
}
