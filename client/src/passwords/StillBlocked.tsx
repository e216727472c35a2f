import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { AccessRefusal } from '../gql/graphql'
import { useLocale } from '../messages/use-locale'
import { FailureAlert } from '../ui/FailureAlert'
import { useUnblock } from '../users/use-unblock'

interface Props {
  user: { readonly id: string; readonly name: string }
  /** Why the caller may not unblock the user; null if they may. */
  refusal: AccessRefusal | null
  onClose: () => void
}

/**
 * The end of the dialog after the password of a blocked user was changed: the user still cannot sign
 * in, and the caller can unblock them.
 */
export const StillBlocked = ({ user, refusal, onClose }: Props) => {
  const { t } = useLocale()
  const [failure, setFailure] = useState<string | null>(null)
  const unblock = useUnblock({ user, onUnblocked: onClose, onFailure: setFailure })
  const close = useRef<HTMLButtonElement>(null)
  // The form, which had the focus, is gone.
  useEffect(() => close.current?.focus(), [])

  return (
    <Stack gap="md">
      <Alert
        color="yellow"
        icon={<IconAlertTriangle aria-hidden />}
        title={t('passwords.change.done')}
      >
        {t('passwords.change.consequence.blocked', { name: user.name })}
      </Alert>
      <FailureAlert failure={failure} />
      {refusal !== null && (
        <Text size="sm" c="dimmed">
          {t(accessRefusalKeys[refusal])}
        </Text>
      )}
      <Group justify="flex-end">
        <Button ref={close} variant="default" onClick={onClose}>
          {t('ui.button.close')}
        </Button>
        {refusal === null && (
          <Button
            loading={unblock.loading}
            onClick={() => {
              setFailure(null)
              unblock.start()
            }}
          >
            {t('users.actions.unblock')}
          </Button>
        )}
      </Group>
      {unblock.dialog}
    </Stack>
  )
}
