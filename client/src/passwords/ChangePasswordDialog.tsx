import { Skeleton, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { Dialog } from '../ui/Dialog'
import { LoadFailure } from '../ui/LoadFailure'
import { usePhone } from '../ui/use-phone'
import classes from './ChangePasswordDialog.module.css'
import type { PasswordOwner } from './ChangePasswordForm'
import { usePasswordPolicy } from './use-password-policy'

const ChangePasswordSteps = lazy(() =>
  import('./ChangePasswordSteps').then(part => ({ default: part.ChangePasswordSteps })),
)

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
  onClose: () => void
  /** Called when the dialog starts or ends to show a password that cannot be shown again. */
  onPasswordShown: (shown: boolean) => void
}

/** The steps, which appear when the policy is loaded. */
const DialogBody = (steps: BodyProps) => {
  const { policy, commonPasswords, error, refetch } = usePasswordPolicy()
  if (policy === undefined) {
    if (error !== undefined) return <LoadFailure failure={error} onRetry={() => void refetch()} />
    return <Loading />
  }
  return (
    <Suspense fallback={<Loading />}>
      <ChangePasswordSteps {...steps} policy={policy} commonPasswords={commonPasswords} />
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
  onClosed: () => void
}

/**
 * The dialog that changes a password. Closing it in any way discards everything that was entered.
 * While it shows the new password of another user, only its button closes it, as in ShownOnceDialog.
 */
export const ChangePasswordDialog = ({ user, own, opened, onClose, onClosed }: Props) => {
  const { t } = useLocale()
  const phone = usePhone()
  const [passwordShown, setPasswordShown] = useState(false)
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={onClosed}
      returnFocus={false}
      closeOnClickOutside={false}
      closeOnEscape={!passwordShown}
      withCloseButton={!passwordShown}
      fullScreen={phone}
      size={560}
      padding="lg"
      classNames={{ content: classes.content ?? '' }}
      titleText={t('passwords.change.title')}
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
            {own ? (
              t('passwords.change.own')
            ) : (
              <>
                <bdi>{user.name}</bdi> · <bdi>{user.login}</bdi>
              </>
            )}
          </Text>
        </>
      }
    >
      <DialogBody user={user} own={own} onClose={onClose} onPasswordShown={setPasswordShown} />
    </Dialog>
  )
}
