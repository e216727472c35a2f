import { Modal, Skeleton, Stack, Text } from '@mantine/core'
import { lazy, type ReactNode, Suspense } from 'react'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { LoadFailure } from '../ui/LoadFailure'
import { usePhone } from '../ui/use-phone'
import classes from './ChangePasswordDialog.module.css'
import type { PasswordOwner } from './ChangePasswordForm'
import { usePasswordPolicy } from './use-password-policy'

const ChangePasswordForm = lazy(() =>
  import('./ChangePasswordForm').then(part => ({ default: part.ChangePasswordForm })),
)

const subtitleOf = (
  t: Translate,
  { name, login }: PasswordOwner,
  own: boolean,
  required: boolean,
): ReactNode => {
  if (required) return t('passwords.change.required')
  if (own) return t('passwords.change.own')
  return (
    <>
      <bdi>{name}</bdi> · <bdi>{login}</bdi>
    </>
  )
}

const Loading = () => (
  <Stack aria-busy="true">
    <Skeleton height={58} />
    <Skeleton height={58} />
    <Skeleton height={58} />
  </Stack>
)

interface BodyProps {
  user: PasswordOwner
  own: boolean
  cancel: string
  onCancel: () => void
  onDone: () => void
}

/** The form, which appears when the policy is loaded. */
const DialogBody = (form: BodyProps) => {
  const { policy, commonPasswords, error, refetch } = usePasswordPolicy()
  if (policy === undefined) {
    if (error !== undefined) return <LoadFailure failure={error} onRetry={() => void refetch()} />
    return <Loading />
  }
  return (
    <Suspense fallback={<Loading />}>
      <ChangePasswordForm {...form} policy={policy} commonPasswords={commonPasswords} />
    </Suspense>
  )
}

interface Props {
  user: PasswordOwner
  /** Whether the user is the caller. */
  own: boolean
  opened: boolean
  onClose: () => void
  /** Called when the dialog has disappeared from the screen. */
  onClosed?: () => void
  /**
   * The label of the second button if the change is required. Then this button is the only other
   * way out.
   */
  insteadOfCancel?: string
}

/**
 * The dialog that changes a password. Closing it in any way discards everything that was entered.
 */
export const ChangePasswordDialog = ({
  user,
  own,
  opened,
  onClose,
  onClosed,
  insteadOfCancel,
}: Props) => {
  const { t } = useLocale()
  const phone = usePhone()
  const required = insteadOfCancel !== undefined
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      {...(onClosed === undefined ? {} : { onExitTransitionEnd: onClosed })}
      withCloseButton={!required}
      closeOnEscape={!required}
      returnFocus={false}
      closeOnClickOutside={false}
      fullScreen={phone}
      size={560}
      padding="lg"
      classNames={{ content: classes.content ?? '' }}
      title={
        <>
          {t('passwords.change.title')}
          <Text
            component="span"
            size="sm"
            fw={400}
            c="dimmed"
            display="block"
            style={{ overflowWrap: 'anywhere' }}
          >
            {subtitleOf(t, user, own, required)}
          </Text>
        </>
      }
    >
      <DialogBody
        user={user}
        own={own}
        cancel={insteadOfCancel ?? t('ui.button.cancel')}
        onCancel={onClose}
        // A required change ends when the reloaded user no longer has to change their
        // password.
        onDone={required ? () => undefined : onClose}
      />
    </Modal>
  )
}
