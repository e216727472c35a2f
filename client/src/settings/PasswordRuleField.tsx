import { Stack, Switch, Text } from '@mantine/core'
import { canBeSwitchedOff, type PasswordRule, ruleBounds } from '@rekey/shared/password-policy'
import { useFormikContext } from 'formik'
import { FormTextField } from '../forms/FormTextField'
import type { PlainMessageId } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { type PolicyValues, requirementOf, ruleTitleMessages } from './password-policy-settings'

const boundMessages: Partial<Record<PasswordRule, PlainMessageId>> = {
  CONTAINS_LOGIN: 'settings.passwordPolicy.bound.CONTAINS_LOGIN',
  CONTEXT_WORD: 'settings.passwordPolicy.bound.CONTEXT_WORD',
  REUSED: 'settings.passwordPolicy.bound.REUSED',
}

interface Props {
  rule: PasswordRule
  disabled: boolean
  /** A hint below the rule. */
  hint?: string
}

/** The switch of a rule, and its number. */
export const PasswordRuleField = ({ rule, disabled, hint }: Props) => {
  const { t } = useLocale()
  const { values, setFieldValue } = useFormikContext<PolicyValues>()
  const bound = ruleBounds[rule]
  const title = t(ruleTitleMessages[rule])
  const alwaysOn = !canBeSwitchedOff(rule)
  const enabled = values.enabled[rule]
  const requirement = requirementOf(t, values, rule)
  return (
    <Stack gap="xs" role="group" aria-label={title}>
      <Switch
        label={title}
        description={
          alwaysOn ? t('settings.passwordPolicy.alwaysOn', { requirement }) : requirement
        }
        checked={enabled}
        disabled={disabled || alwaysOn}
        onChange={event =>
          void setFieldValue('enabled', { ...values.enabled, [rule]: event.currentTarget.checked })
        }
        // Also a rule that cannot be switched must be readable.
        styles={{
          label: { color: 'var(--mantine-color-text)' },
          description: { color: 'var(--mantine-color-dimmed)' },
        }}
      />
      {hint !== undefined && (
        <Text size="xs" ms="3.4rem">
          {hint}
        </Text>
      )}
      {bound !== null && enabled && (
        <FormTextField
          name={rule}
          label={t(boundMessages[rule] ?? 'settings.passwordPolicy.bound.characters')}
          description={t('settings.passwordPolicy.range', {
            least: bound.least,
            greatest: bound.greatest,
          })}
          disabled={disabled}
          inputMode="numeric"
          autoComplete="off"
          maxLength={4}
          ms="3.4rem"
          styles={{ input: { maxWidth: '6rem' } }}
        />
      )}
    </Stack>
  )
}
