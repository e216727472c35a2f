import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { ActionIcon, Alert, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconKey,
  IconPencil,
  IconShieldOff,
  IconTrash,
} from '@tabler/icons-react'
import { type RefObject, useRef, useState } from 'react'
import { useMyAccount } from '../account/MyAccountPage'
import { graphql } from '../gql'
import type { OwnSecurityQuery } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { EndOtherSessionsOffer } from '../sessions/EndOtherSessionsOffer'
import { TrustedDevices } from '../trusted-devices/TrustedDevices'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { AddSecondFactor } from './AddSecondFactor'
import { methodMessages, methodsToAdd } from './methods'
import { RecoveryCodesDialog } from './RecoveryCodesDialog'
import { RenameDialog } from './RenameDialog'
import { SecondFactorCard } from './SecondFactorCard'

const OwnSecurity = graphql(`
  query OwnSecurity {
    viewer {
      id
      recoveryCodesLeft
      secondFactors {
        id
        method
        name
        createdAt
        lastUsedAt
      }
    }
    securitySettings {
      secondFactor
      secondFactorRequiredFrom
      secondFactorMethods
      smsAvailable
      trustedDevices
    }
  }
`)

const RemoveSecondFactor = graphql(`
  mutation RemoveSecondFactor($input: RemoveSecondFactorInput!) {
    removeSecondFactor(input: $input) {
      removedId
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

const RegenerateRecoveryCodes = graphql(`
  mutation RegenerateRecoveryCodes {
    regenerateRecoveryCodes {
      codes
      errors {
        ... on UserError {
          message
        }
      }
    }
  }
`)

type Factor = NonNullable<NonNullable<OwnSecurityQuery['viewer']>['secondFactors']>[number]
type Settings = OwnSecurityQuery['securitySettings']

/** The account's rule about second factors, as text. */
const policyMessage = (
  { secondFactor, secondFactorRequiredFrom: from }: Settings,
  some: boolean,
): PlainMessageId =>
  secondFactor === 'REQUIRED' && (from == null || new Date(from) <= new Date())
    ? 'second-factor.tab.required'
    : some
      ? 'second-factor.tab.some'
      : 'second-factor.tab.none'

interface FactorActionsProps {
  factor: Factor
  onRename: () => void
  onRemove: () => void
}

const FactorActions = ({ factor, onRename, onRemove }: FactorActionsProps) => {
  const { t } = useLocale()
  const name = factor.name ?? t(methodMessages[factor.method])
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('second-factor.item.renameOf', { name })}
        aria-haspopup="dialog"
        title={t('second-factor.item.rename')}
        onClick={onRename}
      >
        <IconPencil size={18} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('second-factor.item.removeOf', { name })}
        aria-haspopup="dialog"
        title={t('second-factor.item.remove')}
        onClick={onRemove}
      >
        <IconTrash size={18} aria-hidden />
      </ActionIcon>
    </Group>
  )
}

interface SecondFactorsProps {
  factors: readonly Factor[]
  settings: Settings
  onAdded: (recoveryCodes: readonly string[] | null) => void
  onChanged: () => Promise<unknown>
}

const SecondFactors = ({ factors, settings, onAdded, onChanged }: SecondFactorsProps) => {
  const { t } = useLocale()
  const [remove] = useMutation(RemoveSecondFactor)
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null)
  const [chosen, setChosen] = useState<Factor | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const allowed = settings.secondFactor === 'OFF' ? [] : methodsToAdd(settings)
  const open = (which: 'rename' | 'remove', factor: Factor) => {
    setChosen(factor)
    setDialog(which)
  }
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="second-factor-section">
      <Title order={2} size="h5" mb={4} id="second-factor-section" ref={heading} tabIndex={-1}>
        {t('second-factor.tab.title')}
      </Title>
      <Stack gap="md">
        {settings.secondFactor === 'OFF' ? (
          <Alert color="gray" icon={<IconShieldOff />}>
            {t('second-factor.tab.off')}
          </Alert>
        ) : (
          <Text size="sm" c="dimmed">
            {t(policyMessage(settings, factors.length > 0))}
          </Text>
        )}
        {factors.length > 0 && (
          <ItemList label={t('second-factor.tab.list')}>
            {factors.map(factor => (
              <SecondFactorCard
                key={factor.id}
                factor={factor}
                counts={settings.secondFactor === 'OFF' || allowed.includes(factor.method)}
                actions={
                  <FactorActions
                    factor={factor}
                    onRename={() => open('rename', factor)}
                    onRemove={() => open('remove', factor)}
                  />
                }
              />
            ))}
          </ItemList>
        )}
        {allowed.length > 0 && <AddSecondFactor methods={allowed} onAdded={onAdded} />}
      </Stack>
      <RenameDialog factor={chosen} opened={dialog === 'rename'} onClose={() => setDialog(null)} />
      <ConfirmDialog
        opened={dialog === 'remove'}
        title={t('second-factor.remove.title', { name: chosen?.name ?? '' })}
        confirm={t('second-factor.remove.confirm')}
        danger
        onClose={() => {
          setDialog(null)
          // The button that opened this dialog may no longer exist.
          returnFocus(heading)
        }}
        onConfirm={async () => {
          if (chosen === null) return null
          const { data } = await remove({ variables: { input: { id: chosen.id } } })
          const [error] = data?.removeSecondFactor.errors ?? []
          if (error !== undefined) return error.message
          notifySuccess(t('second-factor.remove.done'))
          await onChanged()
          return null
        }}
      >
        <Text size="sm">
          {factors.length === 1 ? t('second-factor.remove.last') : t('second-factor.remove.other')}
        </Text>
      </ConfirmDialog>
    </Card>
  )
}

const RecoveryCodes = ({
  left,
  makeNew,
  onMade,
}: {
  left: number
  makeNew: RefObject<HTMLButtonElement | null>
  onMade: (codes: readonly string[]) => void
}) => {
  const { t } = useLocale()
  const [regenerate] = useMutation(RegenerateRecoveryCodes, { fetchPolicy: 'no-cache' })
  const [asked, setAsked] = useState(false)
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="recovery-section">
      <Title order={2} size="h5" mb={4} id="recovery-section">
        {t('second-factor.recovery.title')}
      </Title>
      <Stack gap="md" align="flex-start">
        <Text size="sm" c="dimmed">
          {t('second-factor.recovery.hint')}
        </Text>
        {left < 3 ? (
          <Alert color="yellow" icon={<IconAlertTriangle />}>
            {t('second-factor.recovery.fewLeft', { count: left })}
          </Alert>
        ) : (
          <Text size="sm">{t('second-factor.recovery.left', { count: left })}</Text>
        )}
        <Button
          ref={makeNew}
          variant="default"
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {t('second-factor.recovery.make')}
        </Button>
      </Stack>
      <ConfirmDialog
        opened={asked}
        title={t('second-factor.recovery.makeTitle')}
        confirm={t('second-factor.recovery.makeConfirm')}
        onClose={() => setAsked(false)}
        onConfirm={async () => {
          const { data } = await regenerate()
          const { codes, errors = [] } = data?.regenerateRecoveryCodes ?? {}
          if (codes == null) return errors[0]?.message ?? t('failure.unknown')
          onMade(codes)
          return null
        }}
      >
        <Text size="sm">{t('second-factor.recovery.makeText')}</Text>
      </ConfirmDialog>
    </Card>
  )
}

/** The viewer's own second factors, recovery codes and trusted devices. */
export const OwnSecondFactors = () => {
  const { t } = useLocale()
  const { user } = useMyAccount()
  const client = useApolloClient()
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const [justAdded, setJustAdded] = useState(false)
  const makeNewCodes = useRef<HTMLButtonElement>(null)
  const { data, error, refetch } = useQuery(OwnSecurity, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const viewer = data?.viewer
  const settings = data?.securitySettings
  if (viewer == null || settings === undefined) {
    return error === undefined ? (
      <Stack aria-busy="true" aria-label={t('second-factor.tab.loading')}>
        <Skeleton height={180} />
        <Skeleton height={140} />
      </Stack>
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  const factors = viewer.secondFactors ?? []
  const showAnew = () => client.refetchQueries({ include: 'active' })
  return (
    <>
      <SecondFactors
        factors={factors}
        settings={settings}
        onChanged={showAnew}
        onAdded={async made => {
          // With recovery codes, their dialog opens and shows this already.
          if (made === null) notifySuccess(t('second-factor.tab.added'))
          setCodes(made)
          setJustAdded(true)
          await showAnew()
        }}
      />
      {justAdded && codes === null && (
        <EndOtherSessionsOffer
          why={t('second-factor.tab.endOthers')}
          onClose={() => setJustAdded(false)}
        />
      )}
      {factors.length > 0 && (
        <RecoveryCodes
          left={viewer.recoveryCodesLeft ?? 0}
          makeNew={makeNewCodes}
          onMade={made => {
            setCodes(made)
            void showAnew()
          }}
        />
      )}
      {(factors.length > 0 || settings.trustedDevices !== 'NEVER') && (
        <Card withBorder padding="lg" component="section" aria-labelledby="devices-section">
          <Title order={2} size="h5" mb={4} id="devices-section">
            {t('second-factor.tab.trustedDevices')}
          </Title>
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {settings.trustedDevices === 'NEVER'
                ? t('second-factor.tab.trustedDevicesNever')
                : t('second-factor.tab.trustedDevicesHint')}
            </Text>
            {settings.trustedDevices !== 'NEVER' && <TrustedDevices />}
          </Stack>
        </Card>
      )}
      <RecoveryCodesDialog
        codes={codes}
        login={user.login}
        onClose={() => {
          setCodes(null)
          // The dialogs that led here no longer exist.
          returnFocus(makeNewCodes)
        }}
      />
    </>
  )
}
