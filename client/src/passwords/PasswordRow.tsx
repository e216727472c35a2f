import { ActionIcon, Group, Input, Text, VisuallyHidden } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
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
export const PasswordRow = ({ user, pencil, onChangePassword }: Props) => {
  const { t } = useLocale()
  return (
    <Input.Wrapper label={t('passwords.row.label')} labelElement="div">
      <Group gap="0.25rem 0.625rem" mih={36} mt={2}>
        {user.passwordChangedAt == null ? (
          <Text size="sm" c="dimmed">
            {t('passwords.row.notSet')}
          </Text>
        ) : (
          <>
            <Text style={{ letterSpacing: '0.15em', lineHeight: 1 }} aria-hidden>
              ••••••••••••
            </Text>
            <VisuallyHidden>{t('passwords.row.set')}</VisuallyHidden>
          </>
        )}
        {user.viewerCanChangePassword && (
          <ActionIcon
            ref={pencil}
            variant="light"
            size="lg"
            aria-label={t('passwords.row.change')}
            aria-haspopup="dialog"
            title={t('passwords.row.change')}
            onClick={onChangePassword}
          >
            <IconPencil size={18} aria-hidden />
          </ActionIcon>
        )}
        {user.passwordChangedAt != null && (
          <Text size="xs" c="dimmed">
            <Message
              id="passwords.row.changed"
              values={{ when: <TimeAgo at={user.passwordChangedAt} /> }}
            />
          </Text>
        )}
      </Group>
    </Input.Wrapper>
  )
}
