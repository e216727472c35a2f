import { useQuery } from '@apollo/client/react'
import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { graphql } from '../gql'
import { useLocale } from '../messages/use-locale'
import { useSignOut } from '../sessions/use-sign-out'
import { EntryPage } from '../ui/EntryPage'
import { LoadFailure } from '../ui/LoadFailure'
import { PageTitle } from '../ui/PageTitle'
import { AddSecondFactor } from './AddSecondFactor'
import { methodsToAdd } from './methods'
import { RecoveryCodesDialog } from './RecoveryCodesDialog'

const AllowedSecondFactors = graphql(`
  query AllowedSecondFactors {
    securitySettings {
      secondFactorMethods
      smsAvailable
    }
  }
`)

interface Props {
  viewer: { readonly login: string }
  /** Called after a factor was added and its recovery codes were saved. */
  onDone: () => void
}

/** Replaces every page while the user must add a second factor first. */
export const RequiredEnrolmentPage = ({ viewer, onDone }: Props) => {
  const { t } = useLocale()
  const signOut = useSignOut()
  const { data, error, refetch } = useQuery(AllowedSecondFactors, { fetchPolicy: 'network-only' })
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  return (
    <EntryPage isSignedIn>
      <Stack gap="md">
        <div>
          <PageTitle title={t('second-factor.required.title')} />
          <Text mt={4} size="sm" c="dimmed">
            {t('second-factor.required.intro')}
          </Text>
        </div>
        {data !== undefined ? (
          <AddSecondFactor
            methods={methodsToAdd(data.securitySettings)}
            stretched
            onAdded={made => (made === null ? onDone() : setCodes(made))}
          />
        ) : error !== undefined ? (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton height={84} aria-busy="true" aria-label={t('ui.loading')} />
        )}
        <Button variant="subtle" color="gray" onClick={() => void signOut()}>
          {t('sessions.signOut')}
        </Button>
      </Stack>
      <RecoveryCodesDialog
        codes={codes}
        login={viewer.login}
        onClose={() => {
          setCodes(null)
          onDone()
        }}
      />
    </EntryPage>
  )
}
