import { useApolloClient, useMutation } from '@apollo/client/react'
import { Alert, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { passwordRules } from '@rekey/shared/password-policy'
import { IconLock } from '@tabler/icons-react'
import { useFormikContext } from 'formik'
import { useMemo } from 'react'
import { keepFocus } from '../forms/keep-focus'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { PasswordPolicyPresetName, PasswordPolicySettingsFieldsFragment } from '../gql/graphql'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { notifySuccess } from '../ui/notify'
import { PasswordRuleField } from './PasswordRuleField'
import {
  changesOf,
  isSamePolicy,
  type PolicyValues,
  policyOfValues,
  UpdatePasswordPolicy,
  validatePolicy,
  valuesOf,
} from './password-policy-settings'
import { TryPassword } from './TryPassword'
import { UnsavedSettings } from './UnsavedSettings'

interface Props {
  settings: PasswordPolicySettingsFieldsFragment
}

const presetMessages: Record<PasswordPolicyPresetName, PlainMessageId> = {
  REKEY: 'settings.passwordPolicy.preset.REKEY',
  NIST: 'settings.passwordPolicy.preset.NIST',
}

/** The buttons that fill the form with a complete policy. The policy of the form is pressed. */
const Presets = ({ settings }: Props) => {
  const { t } = useLocale()
  const { values, setValues } = useFormikContext<PolicyValues>()
  return (
    <Group gap="sm" role="group" aria-label={t('settings.passwordPolicy.presets')}>
      {settings.presets.map(({ name, rules }) => {
        const preset = valuesOf(rules)
        const pressed = isSamePolicy(values, preset)
        return (
          <Button
            key={name}
            variant={pressed ? 'light' : 'default'}
            size="compact-sm"
            aria-pressed={pressed}
            onClick={() => void setValues(preset)}
            {...keepFocus}
          >
            {t(presetMessages[name])}
          </Button>
        )
      })}
    </Group>
  )
}

const Preview = ({ settings: { breachSources } }: Props) => {
  const { values } = useFormikContext<PolicyValues>()
  // Without a source, nobody's password is refused by this rule.
  const applies = breachSources.length > 0
  const policy = useMemo(
    () => policyOfValues(values).filter(({ rule }) => rule !== 'BREACHED' || applies),
    [values, applies],
  )
  return <TryPassword policy={policy} />
}

/** The rules of the password policy, and beside them a field to try a password. */
export const PasswordPolicyForm = ({ settings }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [update] = useMutation(UpdatePasswordPolicy)
  const { locked } = settings
  return (
    <ServerForm<PolicyValues>
      initialValues={valuesOf(settings.rules)}
      validate={validatePolicy(t)}
      onSubmit={async (values, form) => {
        const rules = changesOf(valuesOf(settings.rules), values)
        const { data } = await update({ variables: { input: { rules } } })
        const { settings: saved, errors = [] } = data?.updatePasswordPolicy ?? {}
        if (saved != null) {
          form.resetForm({ values: valuesOf(saved.rules) })
          notifySuccess(t('settings.passwordPolicy.saved'))
          // The dialogs that change a password load it again.
          client.cache.evict({ fieldName: 'passwordPolicy' })
        }
        return errors.map(error => {
          const [, index = ''] = error.path
          return { ...error, path: [rules[Number(index || Number.NaN)]?.rule ?? ''] }
        })
      }}
    >
      {(refusal, form) => (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
          <UnsavedSettings saved={valuesOf(settings.rules)} isSame={isSamePolicy} />
          <Card withBorder padding="lg" component="section" aria-labelledby="password-rules">
            <Title order={2} size="h5" mb={4} id="password-rules">
              {t('settings.passwordPolicy.rules')}
            </Title>
            <Stack gap="lg">
              <Text size="sm" c="dimmed">
                {t('settings.passwordPolicy.hint')}
              </Text>
              {locked ? (
                <Alert icon={<IconLock aria-hidden />} title={t('settings.passwordPolicy.locked')}>
                  {t('settings.passwordPolicy.lockedHint')}
                </Alert>
              ) : (
                <Presets settings={settings} />
              )}
              {passwordRules.map(rule => (
                <PasswordRuleField
                  key={rule}
                  rule={rule}
                  disabled={locked}
                  {...(rule === 'BREACHED' && settings.breachSources.length === 0
                    ? { hint: t('settings.passwordPolicy.noBreachSource') }
                    : {})}
                />
              ))}
              <FailureAlert failure={refusal} />
              {!locked && (
                <SaveButtons
                  dirty={form.dirty}
                  busy={form.isSubmitting}
                  onDiscard={() => form.resetForm()}
                />
              )}
            </Stack>
          </Card>
          <Preview settings={settings} />
        </SimpleGrid>
      )}
    </ServerForm>
  )
}
