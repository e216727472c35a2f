import { useMutation } from '@apollo/client/react'
import { Button, FileButton, Group, Input, Stack } from '@mantine/core'
import { readColor } from '@rekey/shared/accent'
import { IconUpload } from '@tabler/icons-react'
import { useRef } from 'react'
import { FormTextField } from '../forms/FormTextField'
import { SaveButtons } from '../forms/SaveButtons'
import { ServerForm } from '../forms/ServerForm'
import type { AccountLookFieldsFragment } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { showAccountLook } from '../ui/account-look'
import { FailureAlert } from '../ui/FailureAlert'
import { leftToRight } from '../ui/left-to-right'
import { notifySuccess } from '../ui/notify'
import {
  AccountLookSettings,
  base64Of,
  maxLogoBytes,
  UpdateAccountLook,
} from './account-look-settings'
import { LookPreview } from './LookPreview'
import { SettingsCard } from './SettingsCard'
import { UnsavedSettings } from './UnsavedSettings'

/** Rekey’s own name and colour. */
const own = { name: 'Rekey', color: '#0f6c63' }

interface Values {
  name: string
  /** Empty for Rekey’s own. */
  accentColor: string
  /** The address of the saved logo, a chosen file in Base64, or an empty text. */
  logo: string
}

const valuesOf = ({ name, accentColor, logoUrl }: AccountLookFieldsFragment): Values => ({
  name: name === own.name ? '' : name,
  accentColor: accentColor ?? '',
  logo: logoUrl ?? '',
})

const isSame = (one: Values, other: Values): boolean =>
  one.name === other.name && one.accentColor === other.accentColor && one.logo === other.logo

/** The fields that differ. Another administrator may be changing the others. */
const changesBetween = (saved: Values, values: Values): Partial<Values> => ({
  ...(values.name === saved.name ? {} : { name: values.name }),
  ...(values.accentColor === saved.accentColor ? {} : { accentColor: values.accentColor }),
  ...(values.logo === saved.logo ? {} : { logo: values.logo }),
})

const validate =
  (t: Translate) =>
  ({ accentColor }: Values) =>
    accentColor.trim() === '' || readColor(accentColor) !== null
      ? {}
      : { accentColor: t('settings.look.colorInvalid') }

/** The address of a logo for an image: saved ones begin with a slash. */
const imageOf = (logo: string): string | null => {
  if (logo === '') return null
  return logo.startsWith('/account-logo') ? logo : `data:image/png;base64,${logo}`
}

const LookForm = ({ look }: { look: AccountLookFieldsFragment }) => {
  const { t } = useLocale()
  const [update] = useMutation(UpdateAccountLook)
  const resetFile = useRef<() => void>(null)
  return (
    <ServerForm<Values>
      initialValues={valuesOf(look)}
      validate={validate(t)}
      onSubmit={async (values, form) => {
        const input = changesBetween(valuesOf(look), values)
        const { data } = await update({ variables: { input } })
        const saved = data?.updateAccountLook.look
        if (saved != null) {
          form.resetForm({ values: valuesOf(saved) })
          showAccountLook({
            ...saved,
            shades: saved.shades ?? null,
            logoUrl: saved.logoUrl ?? null,
          })
          notifySuccess(t('settings.general.saved'))
        }
        return data?.updateAccountLook.errors ?? []
      }}
    >
      {(refusal, form) => {
        const color = readColor(form.values.accentColor)
        const chooseLogo = async (file: File | null) => {
          resetFile.current?.()
          if (file === null) return
          if (file.size > maxLogoBytes) {
            form.setFieldError('logo', t('settings.look.logoTooLarge'))
            return
          }
          await form.setFieldValue('logo', await base64Of(file), false)
        }
        return (
          <>
            <UnsavedSettings saved={valuesOf(look)} isSame={isSame} />
            <Stack gap="lg">
              <FailureAlert failure={refusal} />
              <FormTextField
                name="name"
                label={t('settings.look.name')}
                description={t('settings.look.nameHint')}
                placeholder={own.name}
                maxLength={200}
                autoComplete="organization"
              />
              <Input.Wrapper
                label={t('settings.look.logo')}
                description={t('settings.look.logoHint')}
                error={form.errors.logo}
                labelElement="div"
                inputWrapperOrder={['label', 'description', 'input', 'error']}
              >
                <Group gap="sm" mt="xs">
                  {imageOf(form.values.logo) !== null && (
                    <img
                      src={imageOf(form.values.logo) ?? ''}
                      alt={t('settings.look.logo')}
                      height={36}
                      style={{ maxWidth: '9rem', objectFit: 'contain' }}
                    />
                  )}
                  <FileButton
                    accept="image/png"
                    resetRef={resetFile}
                    onChange={file => void chooseLogo(file)}
                  >
                    {props => (
                      <Button
                        {...props}
                        id="logo"
                        variant="default"
                        leftSection={<IconUpload size={16} aria-hidden />}
                      >
                        {t('settings.look.chooseLogo')}
                      </Button>
                    )}
                  </FileButton>
                  {form.values.logo !== '' && (
                    <Button
                      variant="subtle"
                      color="gray"
                      onClick={() => void form.setFieldValue('logo', '', false)}
                    >
                      {t('settings.look.removeLogo')}
                    </Button>
                  )}
                </Group>
              </Input.Wrapper>
              <FormTextField
                name="accentColor"
                {...leftToRight}
                label={t('settings.look.color')}
                description={t('settings.look.colorHint', { example: own.color })}
                placeholder={own.color}
                maxLength={50}
                spellCheck={false}
                autoComplete="off"
                rightSectionWidth={48}
                rightSection={
                  <input
                    type="color"
                    aria-label={t('settings.look.pickColor')}
                    value={color ?? own.color}
                    onChange={event =>
                      void form.setFieldValue('accentColor', event.currentTarget.value)
                    }
                    style={{ inlineSize: 34, blockSize: 26, padding: 0, cursor: 'pointer' }}
                  />
                }
              />
              <LookPreview
                name={form.values.name.trim() || own.name}
                color={color ?? own.color}
                logo={imageOf(form.values.logo)}
              />
              <SaveButtons
                dirty={form.dirty}
                busy={form.isSubmitting}
                onDiscard={() => form.resetForm()}
              />
            </Stack>
          </>
        )
      }}
    </ServerForm>
  )
}

/** The name, the logo and the accent colour of the account. */
export const LookCard = () => {
  const { t } = useLocale()
  return (
    <SettingsCard
      id="account-look"
      title={t('settings.look.title')}
      hint={t('settings.look.hint')}
      query={AccountLookSettings}
      height={420}
    >
      {({ accountLook }) => <LookForm look={accountLook} />}
    </SettingsCard>
  )
}
