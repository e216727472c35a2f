import { useApolloClient, useMutation } from '@apollo/client/react'
import {
  Alert,
  Anchor,
  Button,
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
  UpdateSecuritySettingsInput,
  UpdateSecuritySettingsMutation,
} from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { methodMessages } from '../second-factor/methods'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { LeaveGuard } from '../ui/LeaveGuard'
import { notifySuccess } from '../ui/notify'
import { RequireSecondFactorDialog } from './RequireSecondFactorDialog'
import {
  allowableMethods,
  changesOf,
  editedOf,
  isSame,
  type SecondFactorSettings,
  UpdateSecuritySettings,
} from './security-settings'

const policyMessages: Record<SecondFactorPolicy, { label: PlainMessageId; hint: PlainMessageId }> =
  {
    OFF: { label: 'settings.secondFactor.OFF', hint: 'settings.secondFactor.OFF.hint' },
    OPTIONAL: {
      label: 'settings.secondFactor.OPTIONAL',
      hint: 'settings.secondFactor.OPTIONAL.hint',
    },
    REQUIRED: {
      label: 'settings.secondFactor.REQUIRED',
      hint: 'settings.secondFactor.REQUIRED.hint',
    },
  }

const methodHintMessages: Record<(typeof allowableMethods)[number], PlainMessageId> = {
  TOTP: 'settings.methods.TOTP',
  PASSKEY: 'settings.methods.PASSKEY',
  SMS: 'settings.methods.SMS',
}

const periodMessages: Record<TrustedDevicePeriod, PlainMessageId> = {
  NEVER: 'settings.trustedDevices.NEVER',
  DAY: 'settings.trustedDevices.DAY',
  WEEK: 'settings.trustedDevices.WEEK',
  MONTH: 'settings.trustedDevices.MONTH',
}

type Missing = Extract<
  UpdateSecuritySettingsMutation['updateSecuritySettings']['errors'][number],
  { __typename: 'PhoneNumbersMissing' }
>

const PhonesMissing = ({ missing }: { missing: Missing }) => {
  const { t } = useLocale()
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
      <Text size="sm">{t('settings.phonesMissing.text')}</Text>
      <List size="sm" mt="xs" aria-label={t('settings.phonesMissing.label')}>
        {missing.users.map(({ id, name }) => (
          <List.Item key={id}>
            <Anchor component={Link} to={`/account/users/${id}`} size="sm">
              {name}
            </Anchor>
          </List.Item>
        ))}
        {others > 0 && <List.Item>{t('settings.phonesMissing.more', { count: others })}</List.Item>}
      </List>
    </Alert>
  )
}

interface Props {
  settings: SecuritySettingsFieldsFragment
}

/** Of whom a second factor is asked, which ones count, and how long devices are trusted. */
export const SecondFactorCard = ({ settings }: Props) => {
  const { t, formatMoment } = useLocale()
  const client = useApolloClient()
  const [update, { loading }] = useMutation(UpdateSecuritySettings)
  // Others may save meanwhile: what the edit began from is kept here.
  const [saved, setSaved] = useState(() => editedOf(settings))
  const [edited, setEdited] = useState(saved)
  const [failure, setFailure] = useState<string | null>(null)
  const [methodsError, setMethodsError] = useState<string | null>(null)
  const [missing, setMissing] = useState<Missing | null>(null)
  const [asking, setAsking] = useState(false)
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
  const requiredFrom = settings.secondFactorRequiredFrom ?? null
  const startsLater = requiredFrom !== null && new Date(requiredFrom) > new Date()
  const save = (event: FormEvent) => {
    event.preventDefault()
    setFailure(null)
    setMissing(null)
    if (edited.secondFactorMethods.length === 0) {
      setMethodsError(t('settings.methods.missing'))
    } else if (edited.secondFactor === 'REQUIRED' && saved.secondFactor !== 'REQUIRED') {
      setAsking(true)
    } else {
      void send(changesOf(saved, edited))
    }
  }
  const send = async (input: UpdateSecuritySettingsInput) => {
    setFailure(null)
    setMissing(null)
    try {
      const { data } = await update({ variables: { input } })
      const [error] = data?.updateSecuritySettings.errors ?? []
      if (error?.__typename === 'PhoneNumbersMissing') setMissing(error)
      else if (error?.path[0] === 'secondFactorMethods') setMethodsError(error.message)
      else if (error !== undefined) setFailure(error.message)
      else if (data?.updateSecuritySettings.settings != null) {
        const now = editedOf(data.updateSecuritySettings.settings)
        setSaved(now)
        setEdited(now)
        notifySuccess(t('settings.secondFactor.saved'))
        // The user who has just saved it may have to add a second factor now.
        await client.refetchQueries({ include: 'active' })
      }
    } catch (problem) {
      setFailure(describeFailure(t, problem))
    }
  }

  return (
    <form onSubmit={save} noValidate>
      <LeaveGuard
        when={dirty && !loading}
        title={t('ui.leaveGuard.title')}
        message={t('settings.page.leaveMessage')}
      />
      <Card withBorder padding="lg" component="section" aria-labelledby="second-factor-settings">
        <Title order={2} size="h5" mb="md" id="second-factor-settings">
          {t('settings.secondFactor.title')}
        </Title>
        <Stack gap="lg">
          <FailureAlert failure={failure} />
          <Radio.Group
            label={t('settings.secondFactor.policy')}
            value={edited.secondFactor}
            onChange={value => change({ secondFactor: value as SecondFactorPolicy })}
          >
            <Stack gap="sm" mt="xs">
              {Object.entries(policyMessages).map(([policy, { label, hint }]) => (
                <Radio key={policy} value={policy} label={t(label)} description={t(hint)} />
              ))}
            </Stack>
          </Radio.Group>
          {startsLater && saved.secondFactor === 'REQUIRED' && (
            <Group gap="sm">
              <Text size="sm" fw={600}>
                {t('settings.requireSecondFactor.from', { moment: formatMoment(requiredFrom) })}
              </Text>
              <Button variant="default" size="xs" onClick={() => setAsking(true)}>
                {t('settings.requireSecondFactor.change')}
              </Button>
            </Group>
          )}
          <Checkbox.Group
            label={t('settings.methods.label')}
            description={t('settings.methods.hint')}
            value={edited.secondFactorMethods}
            onChange={values => change({ secondFactorMethods: values as SecondFactorMethod[] })}
            error={methodsError}
          >
            <Stack gap="sm" mt="xs" mb={methodsError === null ? 0 : 'xs'}>
              {allowableMethods.map(method => (
                <Checkbox
                  key={method}
                  value={method}
                  label={t(methodMessages[method])}
                  disabled={
                    method === 'SMS' &&
                    !settings.smsAvailable &&
                    !edited.secondFactorMethods.includes('SMS')
                  }
                  description={
                    method === 'SMS' && !settings.smsAvailable
                      ? t('settings.methods.smsUnavailable')
                      : t(methodHintMessages[method])
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
            label={t('settings.trustedDevices.label')}
            description={t('settings.trustedDevices.hint')}
            value={edited.trustedDevices}
            onChange={value => change({ trustedDevices: value as TrustedDevicePeriod })}
          >
            <Group gap="lg" mt="xs">
              {Object.entries(periodMessages).map(([period, message]) => (
                <Radio key={period} value={period} label={t(message)} />
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
      <RequireSecondFactorDialog
        opened={asking}
        from={startsLater ? requiredFrom : null}
        onConfirm={async from => {
          // The card shows what was rejected, next to its field.
          await send({ ...changesOf(saved, edited), secondFactorRequiredFrom: from })
          return null
        }}
        onClose={() => setAsking(false)}
      />
    </form>
  )
}
