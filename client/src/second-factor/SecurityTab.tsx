import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { ActionIcon, Alert, Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconDeviceMobile,
  IconFingerprint,
  IconKey,
  IconMessage,
  IconPencil,
  IconShieldOff,
  IconTrash,
} from '@tabler/icons-react'
import { type RefObject, useRef, useState } from 'react'
import { useMyAccount } from '../account/MyAccountPage'
import { graphql } from '../gql'
import type { OwnSecurityQuery, SecondFactorMethod } from '../gql/graphql'
import { EndOtherSessionsOffer } from '../sessions/EndOtherSessionsOffer'
import { TrustedDevices } from '../trusted-devices/TrustedDevices'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { ItemCard } from '../ui/ItemCard'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { TimeAgo } from '../users/TimeAgo'
import { AddSecondFactor } from './AddSecondFactor'
import { methodNames } from './methods'
import { RecoveryCodesDialog } from './RecoveryCodesDialog'
import { RenameDialog } from './RenameDialog'

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

const icons: Record<SecondFactorMethod, typeof IconKey> = {
  TOTP: IconDeviceMobile,
  PASSKEY: IconFingerprint,
  SMS: IconMessage,
  RECOVERY_CODE: IconKey,
}

/** The account's rule about second factors, as text. */
const policyWords = ({ secondFactor }: Settings, some: boolean): string =>
  secondFactor === 'REQUIRED'
    ? 'Your account requires a second factor. You use it after your password.'
    : some
      ? 'You use it after your password, so nobody can sign in with only your password.'
      : 'You have none. Add one, so that nobody can sign in with only your password.'

interface FactorItemProps {
  factor: Factor
  /** True if the account allows its method. */
  counts: boolean
  onRename: () => void
  onRemove: () => void
}

const FactorItem = ({ factor, counts, onRename, onRemove }: FactorItemProps) => {
  const name = factor.name ?? methodNames[factor.method]
  return (
    <ItemCard
      Icon={icons[factor.method]}
      name={name}
      actions={
        <Group gap={4} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Rename ${name}`}
            aria-haspopup="dialog"
            title="Rename"
            onClick={onRename}
          >
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove ${name}`}
            aria-haspopup="dialog"
            title="Remove"
            onClick={onRemove}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      }
    >
      {name !== methodNames[factor.method] && (
        <Text size="sm" mt={4}>
          {methodNames[factor.method]}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        Added <TimeAgo at={factor.createdAt} />
        {factor.lastUsedAt == null ? (
          ', never used'
        ) : (
          <>
            , last used <TimeAgo at={factor.lastUsedAt} />
          </>
        )}
      </Text>
      {!counts && (
        <Text size="sm" c="dimmed">
          Your account no longer allows this kind.
        </Text>
      )}
    </ItemCard>
  )
}

interface SecondFactorsProps {
  factors: readonly Factor[]
  settings: Settings
  onAdded: (recoveryCodes: readonly string[] | null) => void
  onChanged: () => Promise<unknown>
}

const SecondFactors = ({ factors, settings, onAdded, onChanged }: SecondFactorsProps) => {
  const [remove] = useMutation(RemoveSecondFactor)
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null)
  const [chosen, setChosen] = useState<Factor | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const allowed = settings.secondFactor === 'OFF' ? [] : settings.secondFactorMethods
  const open = (which: 'rename' | 'remove', factor: Factor) => {
    setChosen(factor)
    setDialog(which)
  }
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="second-factor-section">
      <Title order={2} size="h5" mb={4} id="second-factor-section" ref={heading} tabIndex={-1}>
        Second factor
      </Title>
      <Stack gap="md">
        {settings.secondFactor === 'OFF' ? (
          <Alert color="gray" icon={<IconShieldOff />}>
            Your account does not use second factors at the moment. Yours are kept.
          </Alert>
        ) : (
          <Text size="sm" c="dimmed">
            {policyWords(settings, factors.length > 0)}
          </Text>
        )}
        {factors.length > 0 && (
          <ItemList label="Second factors">
            {factors.map(factor => (
              <FactorItem
                key={factor.id}
                factor={factor}
                counts={settings.secondFactor === 'OFF' || allowed.includes(factor.method)}
                onRename={() => open('rename', factor)}
                onRemove={() => open('remove', factor)}
              />
            ))}
          </ItemList>
        )}
        {allowed.length > 0 && <AddSecondFactor methods={allowed} onAdded={onAdded} />}
      </Stack>
      <RenameDialog factor={chosen} opened={dialog === 'rename'} onClose={() => setDialog(null)} />
      <ConfirmDialog
        opened={dialog === 'remove'}
        title={`Remove ${chosen?.name ?? ''}?`}
        confirm="Remove"
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
          notifySuccess('Second factor removed')
          await onChanged()
          return null
        }}
      >
        <Text size="sm">
          {factors.length === 1
            ? 'This is your last second factor. Your recovery codes and trusted devices are removed with it, and you sign in with only your password.'
            : 'You can no longer use it to sign in. Your other second factors stay.'}
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
  const [regenerate] = useMutation(RegenerateRecoveryCodes, { fetchPolicy: 'no-cache' })
  const [asked, setAsked] = useState(false)
  return (
    <Card withBorder padding="lg" component="section" aria-labelledby="recovery-section">
      <Title order={2} size="h5" mb={4} id="recovery-section">
        Recovery codes
      </Title>
      <Stack gap="md" align="flex-start">
        <Text size="sm" c="dimmed">
          For sign-ins without your second factor. Each code works once.
        </Text>
        {left < 3 ? (
          <Alert color="yellow" icon={<IconAlertTriangle />}>
            {left === 0
              ? 'You have no recovery codes left. Make new ones before you need them.'
              : `${left === 1 ? 'Only one code is' : `Only ${left} codes are`} left. Make new ones before you need them.`}
          </Alert>
        ) : (
          <Text size="sm">{left} codes are left.</Text>
        )}
        <Button
          ref={makeNew}
          variant="default"
          leftSection={<IconKey size={16} aria-hidden />}
          onClick={() => setAsked(true)}
        >
          Make new codes
        </Button>
      </Stack>
      <ConfirmDialog
        opened={asked}
        title="Make new recovery codes?"
        confirm="Make new codes"
        onClose={() => setAsked(false)}
        onConfirm={async () => {
          const { data } = await regenerate()
          const { codes, errors = [] } = data?.regenerateRecoveryCodes ?? {}
          if (codes == null) return errors[0]?.message ?? 'Something went wrong.'
          onMade(codes)
          return null
        }}
      >
        <Text size="sm">You get ten new codes. Your old codes stop working at once.</Text>
      </ConfirmDialog>
    </Card>
  )
}

/** The viewer's own second factors, recovery codes and trusted devices. */
export const SecurityTab = () => {
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
      <Stack aria-busy="true" aria-label="Loading your security" maw={760}>
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
    <Stack gap="lg" maw={760}>
      <SecondFactors
        factors={factors}
        settings={settings}
        onChanged={showAnew}
        onAdded={async made => {
          // With recovery codes, their dialog opens and shows this already.
          if (made === null) notifySuccess('Second factor added')
          setCodes(made)
          setJustAdded(true)
          await showAnew()
        }}
      />
      {justAdded && codes === null && (
        <EndOtherSessionsOffer
          why="They started without your new second factor, and stay signed in."
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
            Trusted devices
          </Title>
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {settings.trustedDevices === 'NEVER'
                ? 'Your account does not allow trusted devices. You need your second factor at each sign-in.'
                : 'You can sign in on these devices without your second factor. A new password ends the trust in all of them.'}
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
    </Stack>
  )
}
