import { useApolloClient, useMutation } from '@apollo/client/react'
import {
  Alert,
  Anchor,
  Card,
  Checkbox,
  Group,
  List,
  Radio,
  Stack,
  Text,
  Title,
} from '@mantine/core'
import { IconPhoneOff } from '@tabler/icons-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { SaveButtons } from '../forms/SaveButtons'
import type {
  SecondFactorMethod,
  SecondFactorPolicy,
  SecuritySettingsFieldsFragment,
  TrustedDevicePeriod,
  UpdateSecuritySettingsMutation,
} from '../gql/graphql'
import { methodNames } from '../second-factor/methods'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { LeaveGuard } from '../ui/LeaveGuard'
import { notifySuccess } from '../ui/notify'
import {
  allowableMethods,
  changesOf,
  editedOf,
  isSame,
  type SecondFactorSettings,
  UpdateSecuritySettings,
} from './security-settings'

const policies: Record<SecondFactorPolicy, { label: string; description: string }> = {
  OFF: {
    label: 'Off',
    description: 'Nobody is asked for one, not even those who have it.',
  },
  OPTIONAL: {
    label: 'Optional',
    description: 'Asked of those who have added one.',
  },
  REQUIRED: {
    label: 'Required',
    description: 'Asked of everyone. Who has none has to add one before anything else.',
  },
}

const methodDescriptions: Record<(typeof allowableMethods)[number], string> = {
  TOTP: 'A code that an app shows, a new one every half minute.',
  PASSKEY:
    'Kept by a device, a password manager or a security key. Can’t be phished, and signs in by itself.',
  SMS: 'A code sent to the phone. Weaker than the others: numbers can be taken over.',
}

const periods: Record<TrustedDevicePeriod, string> = {
  NEVER: 'Never',
  DAY: '1 day',
  WEEK: '1 week',
  MONTH: '30 days',
}

type Missing = Extract<
  UpdateSecuritySettingsMutation['updateSecuritySettings']['errors'][number],
  { __typename: 'PhoneNumbersMissing' }
>

const PhonesMissing = ({ missing }: { missing: Missing }) => {
  const alert = useRef<HTMLDivElement>(null)
  useEffect(() => alert.current?.focus(), [])
  const others = missing.count - missing.users.length
  return (
    <Alert
      ref={alert}
      color="red"
      icon={<IconPhoneOff />}
      title={missing.message}
      role="alert"
      tabIndex={-1}
    >
      <Text size="sm">
        They could not sign in any more if codes by SMS were all that counts. Allow another method
        too, or give them a number:
      </Text>
      <List size="sm" mt="xs" aria-label="Without a phone number">
        {missing.users.map(({ id, name }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/account/users/${id}`} size="sm">
              {name}
            </Anchor>
          </List.Item>
        ))}
        {others > 0 && <List.Item>and {others} more</List.Item>}
      </List>
    </Alert>
  )
}

interface Props {
  settings: SecuritySettingsFieldsFragment
}

/** Of whom a second factor is asked, which ones count, and how long devices are trusted. */
export const SecondFactorCard = ({ settings }: Props) => {
  const client = useApolloClient()
  const [update, { loading }] = useMutation(UpdateSecuritySettings)
  // Others may save meanwhile: what the edit began from is kept here.
  const [saved, setSaved] = useState(() => editedOf(settings))
  const [edited, setEdited] = useState(saved)
  const [failure, setFailure] = useState<string | null>(null)
  const [methodsError, setMethodsError] = useState<string | null>(null)
  const [missing, setMissing] = useState<Missing | null>(null)
  const dirty = !isSame(edited, saved)
  const latest = editedOf(settings)

  // Nothing was begun here: follow what others do.
  if (!dirty && !isSame(latest, saved)) {
    setSaved(latest)
    setEdited(latest)
  }

  const change = (changed: Partial<SecondFactorSettings>) => {
    setEdited(before => ({ ...before, ...changed }))
    setMethodsError(null)
    setMissing(null)
    setFailure(null)
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setFailure(null)
    setMissing(null)
    if (edited.secondFactorMethods.length === 0) {
      setMethodsError('Choose at least one.')
      return
    }
    try {
      const { data } = await update({ variables: { input: changesOf(saved, edited) } })
      const [error] = data?.updateSecuritySettings.errors ?? []
      if (error?.__typename === 'PhoneNumbersMissing') setMissing(error)
      else if (error?.path[0] === 'secondFactorMethods') setMethodsError(error.message)
      else if (error !== undefined) setFailure(error.message)
      else if (data?.updateSecuritySettings.settings != null) {
        const now = editedOf(data.updateSecuritySettings.settings)
        setSaved(now)
        setEdited(now)
        notifySuccess('Security settings saved')
        // It may be asked of whoever has just saved it.
        await client.refetchQueries({ include: 'active' })
      }
    } catch (problem) {
      setFailure(describeFailure(problem))
    }
  }

  return (
    <form onSubmit={event => void save(event)} noValidate>
      <LeaveGuard
        when={dirty && !loading}
        title="Leave without saving?"
        message="What you changed in these settings will be lost."
      />
      <Card withBorder padding="lg" component="section" aria-labelledby="second-factor-settings">
        <Title order={2} size="h5" mb="md" id="second-factor-settings">
          Second factor
        </Title>
        <Stack gap="lg">
          <FailureAlert failure={failure} />
          <Radio.Group
            label="Asked at sign-in"
            value={edited.secondFactor}
            onChange={value => change({ secondFactor: value as SecondFactorPolicy })}
          >
            <Stack gap="sm" mt="xs">
              {Object.entries(policies).map(([policy, { label, description }]) => (
                <Radio key={policy} value={policy} label={label} description={description} />
              ))}
            </Stack>
          </Radio.Group>
          <Checkbox.Group
            label="Allowed methods"
            description="Recovery codes come with each of them."
            value={edited.secondFactorMethods}
            onChange={values => change({ secondFactorMethods: values as SecondFactorMethod[] })}
            error={methodsError}
          >
            <Stack gap="sm" mt="xs" mb={methodsError === null ? 0 : 'xs'}>
              {allowableMethods.map(method => (
                <Checkbox
                  key={method}
                  value={method}
                  label={methodNames[method]}
                  disabled={
                    method === 'SMS' &&
                    !settings.smsAvailable &&
                    !edited.secondFactorMethods.includes('SMS')
                  }
                  description={
                    method === 'SMS' && !settings.smsAvailable
                      ? 'Takes an SMS gateway, which this Rekey has not: SMS_GATEWAY_URL.'
                      : methodDescriptions[method]
                  }
                  // Also what can't be ticked is there to be read.
                  styles={{
                    label: { color: 'var(--mantine-color-text)' },
                    description: { color: 'var(--mantine-color-dimmed)' },
                  }}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {missing !== null && <PhonesMissing missing={missing} />}
          <Radio.Group
            label="Devices can be trusted for"
            description="A trusted device is not asked again for so long."
            value={edited.trustedDevices}
            onChange={value => change({ trustedDevices: value as TrustedDevicePeriod })}
          >
            <Group gap="lg" mt="xs">
              {Object.entries(periods).map(([period, label]) => (
                <Radio key={period} value={period} label={label} />
              ))}
            </Group>
          </Radio.Group>
          <SaveButtons
            dirty={dirty}
            busy={loading}
            onDiscard={() => {
              setEdited(saved)
              setMethodsError(null)
              setMissing(null)
              setFailure(null)
            }}
          />
        </Stack>
      </Card>
    </form>
  )
}
