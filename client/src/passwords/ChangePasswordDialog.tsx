import { Modal, Skeleton, Stack, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { LoadFailure } from '../ui/LoadFailure'
import { usePhone } from '../ui/use-phone'
import classes from './ChangePasswordDialog.module.css'
import type { PasswordOwner } from './ChangePasswordForm'
import { usePasswordPolicy } from './use-password-policy'

const ChangePasswordForm = lazy(() =>
  import('./ChangePasswordForm').then(part => ({ default: part.ChangePasswordForm })),
)

const subtitleOf = ({ name, login }: PasswordOwner, own: boolean, required: boolean): string => {
  if (required) return 'Someone else set your password. Choose one that only you know.'
  return own ? 'Your own' : `${name} · ${login}`
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

/** The form, once there is a policy to judge by. */
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
  /** Whether that is the caller. */
  own: boolean
  opened: boolean
  onClose: () => void
  /** When the dialog is gone from the screen. */
  onClosed?: () => void
  /** Nothing else can be done before: there is no way out but this word on the second button. */
  insteadOfCancel?: string
}

/** The dialog that changes a password. Closing it, however, forgets everything typed. */
export const ChangePasswordDialog = ({
  user,
  own,
  opened,
  onClose,
  onClosed,
  insteadOfCancel,
}: Props) => {
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
          Change password
          <Text
            component="span"
            size="sm"
            fw={400}
            c="dimmed"
            display="block"
            style={{ overflowWrap: 'anywhere' }}
          >
            {subtitleOf(user, own, required)}
          </Text>
        </>
      }
    >
      <DialogBody
        user={user}
        own={own}
        cancel={insteadOfCancel ?? 'Cancel'}
        onCancel={onClose}
        // What is required is over once the person is known to have done it.
        onDone={required ? () => undefined : onClose}
      />
    </Modal>
  )
}
