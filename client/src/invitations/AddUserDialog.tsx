import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Collapse, Group, SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import type { Subject } from '@rekey/shared/access'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { FormikErrors } from 'formik'
import { useId, useRef, useState } from 'react'
import { beyondOwn, subjectOf, tidyAccess } from '../access/access-form'
import { listPermissions } from '../access/access-words'
import { PermissionFields } from '../access/PermissionFields'
import { RoleSelect } from '../access/RoleSelect'
import { FormButtons } from '../forms/FormButtons'
import { FormTextField } from '../forms/FormTextField'
import { LoginField } from '../forms/LoginField'
import { ServerForm } from '../forms/ServerForm'
import { graphql } from '../gql'
import { NoMailAlert } from '../mail/NoMailAlert'
import { useMailSettings } from '../mail/use-mail-settings'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { useViewer } from '../sessions/use-viewer'
import { AccountSettings } from '../settings/account-settings'
import { Dialog } from '../ui/Dialog'
import { FailureAlert } from '../ui/FailureAlert'
import { leftToRight } from '../ui/left-to-right'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { usePhone } from '../ui/use-phone'
import { LanguageSelect, ownNameOf } from '../users/LanguageSelect'

const InviteUser = graphql(`
  mutation InviteUser($input: InviteUserInput!) {
    inviteUser(input: $input) {
      user {
        id
        login
      }
      errors {
        __typename
        ... on UserError {
          message
          path
        }
      }
    }
  }
`)

const blank = {
  login: '',
  firstName: '',
  lastName: '',
  phone: '',
  /** Empty means the default of the account. */
  language: '',
  access: tidyAccess({ role: 'MEMBER', grantedPermissions: [], withdrawnPermissions: [] }),
}

type Values = typeof blank

interface AccessFieldsProps {
  actor: Subject
  access: Values['access']
  onChange: (access: Values['access']) => void
}

/** The role, and below it the single permissions, which are collapsed at first. */
const AccessFields = ({ actor, access, onChange }: AccessFieldsProps) => {
  const locale = useLocale()
  const { t } = locale
  const [expanded, setExpanded] = useState(false)
  const id = useId()
  const Chevron = expanded ? IconChevronDown : IconChevronRight
  const { grantedPermissions, withdrawnPermissions } = tidyAccess(access)
  const changed = grantedPermissions.length + withdrawnPermissions.length
  const beyond = beyondOwn(actor, access).permissions
  const permissions = listPermissions(locale, beyond)
  return (
    <Stack gap="sm">
      <RoleSelect
        id="role"
        value={access.role}
        actor={actor}
        onChange={role => onChange({ ...access, role })}
        error={beyond.length > 0 ? t('access.tab.beyondOwn', { permissions }) : undefined}
      />
      <UnstyledButton
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setExpanded(!expanded)}
      >
        <Group gap={6}>
          <Chevron size={16} aria-hidden />
          <Text size="sm" fw={500}>
            {t('invitations.dialog.access')}
          </Text>
          <Text size="sm" c="dimmed">
            {changed === 0
              ? t('invitations.dialog.accessUnchanged')
              : t('invitations.dialog.accessChanged', { count: changed })}
          </Text>
        </Group>
      </UnstyledButton>
      {/* Without a transition: users would miss targets that move. */}
      <Collapse expanded={expanded} id={id} transitionDuration={0}>
        <PermissionFields access={access} actor={actor} onChange={onChange} />
      </Collapse>
    </Stack>
  )
}

const validate =
  (t: Translate) =>
  ({ login, firstName }: Values): FormikErrors<Values> => ({
    ...(login.trim() === '' ? { login: t('forms.login.addressMissing') } : {}),
    ...(firstName.trim() === '' ? { firstName: t('users.field.firstNameMissing') } : {}),
  })

interface Props {
  opened: boolean
  onClose: () => void
}

/** Adds one user and sends them an invitation. */
export const AddUserDialog = ({ opened, onClose }: Props) => {
  const { t } = useLocale()
  const phone = usePhone()
  // The button that loaded this dialog. The dialog opens as soon as it is loaded and would not
  // know the button.
  const opener = useRef(document.activeElement as HTMLElement | null)
  const close = () => {
    onClose()
    returnFocus(opener)
  }
  const { viewer } = useViewer()
  const mail = useMailSettings()
  const client = useApolloClient()
  const defaults = useQuery(AccountSettings).data?.accountSettings
  const [inviteUser] = useMutation(InviteUser, { fetchPolicy: 'no-cache' })
  if (!viewer) return null
  const actor = subjectOf(viewer)
  return (
    <Dialog
      opened={opened}
      onClose={close}
      closeOnClickOutside={false}
      fullScreen={phone}
      size={600}
      padding="lg"
      titleText={t('invitations.dialog.title')}
      title={
        <>
          {t('invitations.dialog.title')}
          <Text component="span" size="sm" fw={400} c="dimmed" display="block">
            {mail?.configured === false
              ? t('invitations.dialog.introUnmailed')
              : t('invitations.dialog.intro')}
          </Text>
        </>
      }
    >
      <ServerForm<Values>
        initialValues={blank}
        validate={validate(t)}
        onSubmit={async values => {
          const { access, phone: number, language, ...person } = values
          const { role, grantedPermissions, withdrawnPermissions } = tidyAccess(access)
          const { data } = await inviteUser({
            variables: {
              input: {
                ...person,
                phone: number.trim() === '' ? null : number,
                language: language === '' ? null : language,
                role,
                grantedPermissions: [...grantedPermissions],
                withdrawnPermissions: [...withdrawnPermissions],
              },
            },
          })
          const errors = data?.inviteUser.errors ?? []
          if (errors.length === 0) {
            if (mail?.configured === false) {
              notifySuccess(t('invitations.dialog.added'), t('mail.link.kept'))
            } else {
              const login = values.login.trim()
              notifySuccess(
                t('invitations.notice.sent'),
                t('invitations.dialog.onItsWay', { login }),
              )
            }
            close()
            await client.refetchQueries({ include: 'active' })
          }
          return errors
        }}
      >
        {(refusal, form) => (
          <Stack gap="md">
            <FailureAlert failure={refusal} />
            <NoMailAlert />
            <LoginField
              name="login"
              description={
                mail?.configured === false
                  ? t('invitations.dialog.loginHintUnmailed')
                  : t('invitations.dialog.loginHint')
              }
              autoComplete="off"
              data-autofocus
            />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
              <FormTextField
                name="firstName"
                label={t('invitations.field.firstName')}
                autoComplete="off"
              />
              <FormTextField
                name="lastName"
                label={t('invitations.field.lastName')}
                autoComplete="off"
              />
            </SimpleGrid>
            <FormTextField
              name="phone"
              label={t('invitations.field.phone')}
              type="tel"
              {...leftToRight}
              autoComplete="off"
              maxLength={200}
            />
            <LanguageSelect
              label={t('invitations.field.language')}
              id="language"
              current=""
              first={{
                value: '',
                label:
                  defaults === undefined
                    ? t('invitations.language.default')
                    : t('invitations.dialog.languageDefaultIs', {
                        language: ownNameOf(defaults.defaultLanguage),
                      }),
              }}
              value={form.values.language}
              onChange={value => void form.setFieldValue('language', value ?? '')}
              error={form.touched.language ? form.errors.language : undefined}
            />
            <AccessFields
              actor={actor}
              access={form.values.access}
              onChange={access => void form.setFieldValue('access', access)}
            />
            <FormButtons
              submit={
                mail?.configured === false
                  ? t('invitations.dialog.submitUnmailed')
                  : t('invitations.notice.send')
              }
              disabled={beyondOwn(actor, form.values.access).permissions.length > 0}
              onCancel={close}
            />
          </Stack>
        )}
      </ServerForm>
    </Dialog>
  )
}
