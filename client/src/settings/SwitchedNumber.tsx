import { Stack, Switch, Text } from '@mantine/core'
import { useFormikContext } from 'formik'
import { FormTextField } from '../forms/FormTextField'
import { useLocale } from '../messages/use-locale'

interface Props {
  /** The key of the switch in `enabled`, and the name of the field for the number. */
  name: string
  title: string
  description: string
  /** The label and the limits of the number; null if there is only the switch. */
  bound: { readonly label: string; readonly least: number; readonly greatest: number } | null
  /** Whether neither the switch nor the number can be changed. */
  disabled?: boolean
  /** Whether it cannot be switched off. */
  alwaysOn?: boolean
  /** A hint below the switch. */
  hint?: string | undefined
}

/** A switch of a form whose `enabled` has all switches, and the number that it switches on. */
export const SwitchedNumber = ({
  name,
  title,
  description,
  bound,
  disabled = false,
  alwaysOn = false,
  hint,
}: Props) => {
  const { t } = useLocale()
  const { values, setFieldValue } = useFormikContext<{ enabled: Record<string, boolean> }>()
  const enabled = values.enabled[name] === true
  return (
    <Stack gap="xs" role="group" aria-label={title}>
      <Switch
        label={title}
        description={description}
        checked={enabled}
        disabled={disabled || alwaysOn}
        onChange={event =>
          void setFieldValue('enabled', { ...values.enabled, [name]: event.currentTarget.checked })
        }
        // Also a setting that cannot be switched must be readable.
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
          name={name}
          label={bound.label}
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
