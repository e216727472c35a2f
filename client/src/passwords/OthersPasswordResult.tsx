import { ActionIcon, Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconAlertTriangle, IconCheck, IconEye, IconEyeOff } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { AccessRefusal, UserStatus } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { CopyButton } from '../ui/CopyButton'
import { describeFailure } from '../ui/describe-failure'
import { FailureAlert } from '../ui/FailureAlert'
import { leftToRight } from '../ui/left-to-right'
import { useUnblock } from '../users/use-unblock'

// The step shows the password for this long. It may stay open on a screen that others can see.
const shownForMs = 5 * 60 * 1000

/** A change of another user's password that was done. */
export interface OthersChange {
  /** The new password; null after it was forgotten. */
  readonly newPassword: string | null
  /** Whether the user must choose another password at the next sign-in. */
  readonly requireChange: boolean
  /** When the password stops working; null if it does not, or if that is not known. */
  readonly worksUntil: string | null
  /** Whether the change activated the account of an invited user. */
  readonly activated: boolean
  /** The status after the change; undefined if it is not known. */
  readonly status: UserStatus | undefined
  /** Why the caller may not unblock the user; null if they may. */
  readonly refusalToUnblock: AccessRefusal | null
}

type Consequence = Pick<OthersChange, 'requireChange' | 'activated' | 'status'>

/** The effect of a change of another user's password, as a title and a sentence. */
export const consequenceOf = (
  t: Translate,
  name: string,
  { requireChange, activated, status }: Consequence,
): [title: string, message: string] => {
  const title = t(activated ? 'passwords.change.activated' : 'passwords.change.done')
  if (status === 'BLOCKED') return [title, t('passwords.change.consequence.blocked', { name })]
  if (activated) {
    return [
      title,
      requireChange
        ? t('passwords.change.consequence.activatedOnce', { name })
        : t('passwords.change.consequence.activated', { name }),
    ]
  }
  return [
    title,
    requireChange
      ? t('passwords.change.consequence.once', { name })
      : t('passwords.change.consequence.other', { name }),
  ]
}

interface PasswordProps {
  password: string
  label: string
}

/** A password that can be shown and copied. While it is hidden, the page does not contain it. */
const HiddenPassword = ({ password, label }: PasswordProps) => {
  const { t } = useLocale()
  const [shown, setShown] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const select = () => setTimeout(() => field.current?.select(), 0)
  const Icon = shown ? IconEyeOff : IconEye
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <TextInput
        ref={field}
        flex={1}
        label={label}
        {...leftToRight}
        readOnly
        autoComplete="off"
        spellCheck={false}
        value={shown ? password : '•'.repeat(12)}
        onFocus={event => shown && event.currentTarget.select()}
        rightSection={
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('forms.password.show', { field: label })}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            <Icon size={18} aria-hidden />
          </ActionIcon>
        }
      />
      <CopyButton
        text={password}
        label={t('passwords.result.copy')}
        onRefused={() => {
          setShown(true)
          select()
        }}
      />
    </Group>
  )
}

interface Props {
  user: { readonly id: string; readonly login: string; readonly name: string }
  change: OthersChange
  /** Called when the password must be forgotten. */
  onForget: () => void
  onClose: () => void
}

/**
 * The end of the dialog after an administrator set another user's password: what happens next, and
 * the new password to hand over, for five minutes at most.
 */
export const OthersPasswordResult = ({ user, change, onForget, onClose }: Props) => {
  const { t, formatMoment } = useLocale()
  const [status, setStatus] = useState(change.status)
  const [failure, setFailure] = useState<string | null>(null)
  const unblock = useUnblock({
    user,
    onUnblocked: () => {
      setStatus('ACTIVE')
      // The button that was pressed disappears.
      done.current?.focus()
    },
    onFailure: setFailure,
    onProblem: problem => setFailure(describeFailure(t, problem)),
  })
  const [copyByHand, setCopyByHand] = useState(false)
  const done = useRef<HTMLButtonElement>(null)
  // The form, which had the focus, is gone.
  useEffect(() => done.current?.focus(), [])
  const forget = useEffectEvent(onForget)
  useEffect(() => {
    const timer = setTimeout(() => forget(), shownForMs)
    return () => clearTimeout(timer)
  }, [])

  const { name, login } = user
  const { newPassword: password, requireChange, worksUntil, refusalToUnblock } = change
  const [title, consequence] = consequenceOf(t, name, { ...change, status })
  const blocked = status === 'BLOCKED'
  const details =
    password === null
      ? ''
      : t('passwords.result.details', {
          address: window.location.origin,
          login,
          password,
          // A mark that isolates the password would be copied and pasted with it.
        }).replaceAll(/[\u2068\u2069]/g, '')

  return (
    <Stack gap="md">
      <Alert
        id="password-result"
        color={blocked ? 'yellow' : 'rekey'}
        icon={blocked ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
        title={title}
      >
        {consequence}
      </Alert>
      {worksUntil !== null && (
        <Text size="sm">
          {t('passwords.result.worksUntil', { moment: formatMoment(worksUntil), name })}
        </Text>
      )}
      <FailureAlert failure={failure} />
      {blocked && refusalToUnblock !== null && (
        <Text size="sm" c="dimmed">
          {t(accessRefusalKeys[refusalToUnblock])}
        </Text>
      )}
      {password === null ? (
        <Text size="sm" c="dimmed">
          {t('passwords.result.gone')}
        </Text>
      ) : (
        <>
          <HiddenPassword password={password} label={t('passwords.fields.new')} />
          <Text size="xs" c="dimmed">
            {t('passwords.result.handOver', { name })}
          </Text>
          {copyByHand && (
            <Textarea
              label={t('passwords.result.signInDetails')}
              attributes={{ input: { dir: 'auto' } }}
              readOnly
              autosize
              value={details}
              onFocus={event => event.currentTarget.select()}
              autoFocus
            />
          )}
        </>
      )}
      <Group justify="flex-end">
        {blocked && refusalToUnblock === null && (
          <Button
            variant="default"
            loading={unblock.loading}
            onClick={() => {
              setFailure(null)
              unblock.start()
            }}
          >
            {t('users.actions.unblock')}
          </Button>
        )}
        {/* If the password stays valid for long, it should not travel with the login. */}
        {requireChange && password !== null && (
          <CopyButton
            text={details}
            label={t('passwords.result.copyDetails')}
            onRefused={() => setCopyByHand(true)}
          />
        )}
        <Button ref={done} aria-describedby="password-result" onClick={onClose}>
          {t('ui.button.done')}
        </Button>
      </Group>
      {unblock.dialog}
    </Stack>
  )
}
