import { ActionIcon, Group, Input, Text, VisuallyHidden } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { TimeAgo } from '../users/TimeAgo'

interface Props {
  user: {
    readonly passwordChangedAt?: string | null
    readonly viewerCanChangePassword: boolean
  }
  pencil: RefObject<HTMLButtonElement | null>
  onChangePassword: () => void
}

/** Shows whether a password is set and since when, with the button that changes it. */
export const PasswordRow = ({ user, pencil, onChangePassword }: Props) => (
  <Input.Wrapper label="Password" labelElement="div">
    <Group gap="0.25rem 0.625rem" mih={36} mt={2}>
      {user.passwordChangedAt == null ? (
        <Text size="sm" c="dimmed">
          Not set
        </Text>
      ) : (
        <>
          <Text style={{ letterSpacing: '0.15em', lineHeight: 1 }} aria-hidden>
            ••••••••••••
          </Text>
          <VisuallyHidden>Set</VisuallyHidden>
        </>
      )}
      {user.viewerCanChangePassword && (
        <ActionIcon
          ref={pencil}
          variant="light"
          size="lg"
          aria-label="Change password"
          aria-haspopup="dialog"
          title="Change password"
          onClick={onChangePassword}
        >
          <IconPencil size={18} aria-hidden />
        </ActionIcon>
      )}
      {user.passwordChangedAt != null && (
        <Text size="xs" c="dimmed">
          Changed <TimeAgo at={user.passwordChangedAt} />
        </Text>
      )}
    </Group>
  </Input.Wrapper>
)
