import { Button, Group, Input, Text, VisuallyHidden } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconPencil } from '@tabler/icons-react'
import type { RefObject } from 'react'
import type { AccessRefusal } from '../gql/graphql'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { TimeAgo } from '../users/TimeAgo'
import { deadlineMessageOf, type PasswordDeadline } from './password-deadline'

interface Props {
  user: {
    readonly passwordChangedAt?: string | null
    /** Whether the user has a password; null if the viewer may not know it. */
    readonly hasPassword?: boolean | null
    /** When the password stops working; null if it is not temporary. */
    readonly passwordExpiresAt?: string | null
    readonly passwordDeadline?: PasswordDeadline | null
    /** Why the viewer may not change the password; null if they may. */
    readonly refusalToChangePassword?: AccessRefusal | null
  }
  pencil: RefObject<HTMLButtonElement | null>
  onChangePassword: () => void
  /** Whether the row has a label. A row below a heading that says the same needs none. */
  labelled?: boolean
}

/** Until when the password works or should be changed; nothing for most passwords. */
const PasswordEnd = ({ user: { passwordExpiresAt, passwordDeadline } }: Pick<Props, 'user'>) => {
  const { t, formatMoment } = useLocale()
  const lines: string[] = []
  if (passwordExpiresAt != null) {
    const expired = Date.parse(passwordExpiresAt) <= Date.now()
    const message = expired ? 'passwords.row.expired' : 'passwords.row.temporary'
    lines.push(t(message, { moment: formatMoment(passwordExpiresAt) }))
  }
  const message = passwordDeadline == null ? null : deadlineMessageOf(passwordDeadline)
  if (passwordDeadline != null && message !== null) {
    lines.push(t(message, { moment: formatMoment(passwordDeadline.at) }))
  }
  return lines.map(line => (
    <Text key={line} size="xs" mt={4}>
      {line}
    </Text>
  ))
}

/**
 * Shows whether a password is set and since when, with the button that changes it. If the viewer may
 * not change it, the reason replaces the button.
 */
export const PasswordRow = ({ user, pencil, onChangePassword, labelled = true }: Props) => {
  const { t } = useLocale()
  const changedAt = user.hasPassword === false ? null : user.passwordChangedAt
  return (
    <Input.Wrapper label={labelled && t('passwords.row.label')} labelElement="div">
      <Group gap="0.25rem 0.625rem" mih={36} mt={2}>
        {changedAt == null ? (
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
        {user.refusalToChangePassword == null && (
          <Button
            ref={pencil}
            variant="light"
            size="compact-sm"
            leftSection={<IconPencil size={16} aria-hidden />}
            aria-haspopup="dialog"
            onClick={onChangePassword}
          >
            {t('passwords.row.change')}
          </Button>
        )}
        {changedAt != null && (
          <Text size="xs" c="dimmed">
            <Message id="passwords.row.changed" values={{ when: <TimeAgo at={changedAt} /> }} />
          </Text>
        )}
      </Group>
      <PasswordEnd user={user} />
      {user.refusalToChangePassword != null && (
        <Text size="xs" c="dimmed" mt={4}>
          {t(accessRefusalKeys[user.refusalToChangePassword])}
        </Text>
      )}
    </Input.Wrapper>
  )
}
