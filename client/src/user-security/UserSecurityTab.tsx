import { useApolloClient, useQuery } from '@apollo/client/react'
import { Alert, Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { accessRefusalKeys } from '@rekey/shared/access'
import { IconLock, IconShieldLock } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { graphql } from '../gql'
import type { UserFactorsQuery, UserSecurityFragment } from '../gql/graphql'
import { useMailSettings } from '../mail/use-mail-settings'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { SecondFactorCard } from '../second-factor/SecondFactorCard'
import { ItemList } from '../ui/ItemList'
import { LoadFailure } from '../ui/LoadFailure'
import { notifySuccess } from '../ui/notify'
import { returnFocus } from '../ui/return-focus'
import { ResetSecondFactorDialog } from '../users/ResetSecondFactorDialog'
import { type SignInAction, SignInDialogs } from '../users/SignInDialogs'
import { TimeAgo } from '../users/TimeAgo'
import { Section } from './Section'
import { type Secured, SecureUserDialog } from './SecureUserDialog'
import { UserApiTokens } from './UserApiTokens'
import { UserSessions } from './UserSessions'
import { UserTrustedDevices } from './UserTrustedDevices'

graphql(`
  fragment UserSecurity on User {
    id
    name
    login
    status
    mustChangePassword
    passwordChangedAt
    passwordExpiresAt
    passwordTemporary
    refusalToChangePassword
  }
`)

const UserFactors = graphql(`
  query UserFactors($id: ID!) {
    user(id: $id) {
      id
      hasPassword
      passwordResetLink {
        createdAt
        expiresAt
        sentToLogin
      }
      secondFactors {
        id
        method
        name
        createdAt
        lastUsedAt
      }
    }
  }
`)

interface Props {
  user: UserSecurityFragment
  /** Whether the viewer may see the operation list. */
  seesOperations: boolean
  /** Opens the dialog that changes the password. */
  onChangePassword: () => void
}

const Password = ({ user, hasPassword }: { user: UserSecurityFragment; hasPassword: boolean }) => {
  const { t } = useLocale()
  const mailed = useMailSettings()?.configured !== false
  if (!hasPassword) {
    if (user.status === 'BLOCKED') return t('user-security.password.noneBlocked')
    return mailed ? t('user-security.password.none') : t('user-security.password.noneUnmailed')
  }
  if (user.passwordChangedAt == null) return t('user-security.password.set')
  return (
    <Message
      id="user-security.password.changed"
      values={{ when: <TimeAgo at={user.passwordChangedAt} /> }}
    />
  )
}

interface PasswordSectionProps {
  user: UserSecurityFragment
  facts: NonNullable<UserFactorsQuery['user']>
  onChangePassword: () => void
}

/** The password and the link that can replace it, with buttons that act on the password. */
const PasswordSection = ({ user, facts, onChangePassword }: PasswordSectionProps) => {
  const { t, formatMoment } = useLocale()
  const [action, setAction] = useState<SignInAction | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  const hasPassword = facts.hasPassword !== false
  const { passwordExpiresAt } = user
  const link = facts.passwordResetLink
  const isExpired = passwordExpiresAt != null && Date.parse(passwordExpiresAt) <= Date.now()
  return (
    <Section
      title={t('user-security.password.title')}
      heading={heading}
      action={
        <Group gap="xs">
          <Button variant="default" size="xs" aria-haspopup="dialog" onClick={onChangePassword}>
            {t('users.actions.changePassword')}
          </Button>
          {hasPassword && !user.mustChangePassword && (
            <Button
              variant="default"
              size="xs"
              aria-haspopup="dialog"
              onClick={() => setAction('requirePassword')}
            >
              {t('users.actions.requirePassword')}
            </Button>
          )}
          {hasPassword && user.mustChangePassword && !user.passwordTemporary && (
            <Button
              variant="default"
              size="xs"
              aria-haspopup="dialog"
              onClick={() => setAction('keepPassword')}
            >
              {t('users.actions.keepPassword')}
            </Button>
          )}
        </Group>
      }
    >
      <Text size="sm">
        <Password user={user} hasPassword={hasPassword} />
      </Text>
      {hasPassword && passwordExpiresAt != null && (
        <Text size="sm">
          {t(isExpired ? 'passwords.row.expired' : 'passwords.row.temporary', {
            moment: formatMoment(passwordExpiresAt),
          })}
        </Text>
      )}
      {link != null && (
        <Text size="sm">
          <Message
            id={
              link.sentToLogin ? 'user-security.password.linkSent' : 'user-security.password.link'
            }
            values={{
              when: <TimeAgo at={link.createdAt} />,
              until: formatMoment(link.expiresAt),
            }}
          />
        </Text>
      )}
      <SignInDialogs
        user={user}
        action={action}
        onClose={() => {
          setAction(null)
          returnFocus(heading)
        }}
      />
    </Section>
  )
}

const SecondFactors = ({
  user,
  onChangePassword,
}: Pick<PasswordSectionProps, 'user' | 'onChangePassword'>) => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(UserFactors, {
    variables: { id: user.id },
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const [asked, setAsked] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const factors = data?.user?.secondFactors
  if (data?.user == null) {
    return error === undefined ? (
      <Skeleton height={74} aria-busy="true" aria-label={t('user-security.tab.loading')} />
    ) : (
      <LoadFailure failure={error} onRetry={() => void refetch()} />
    )
  }
  return (
    <>
      <PasswordSection user={user} facts={data.user} onChangePassword={onChangePassword} />
      <Section
        title={t('user-security.factors.title')}
        heading={heading}
        action={
          factors != null &&
          factors.length > 0 && (
            <Button
              variant="default"
              size="xs"
              aria-haspopup="dialog"
              onClick={() => setAsked(true)}
            >
              {t('user-security.factors.reset')}
            </Button>
          )
        }
      >
        {factors == null || factors.length === 0 ? (
          <Text size="sm">
            {factors == null ? t('user-security.factors.hidden') : t('user-security.factors.none')}
          </Text>
        ) : (
          <ItemList label={t('user-security.factors.title')}>
            {factors.map(factor => (
              <SecondFactorCard key={factor.id} factor={factor} />
            ))}
          </ItemList>
        )}
        <ResetSecondFactorDialog
          user={user}
          opened={asked}
          onClose={() => {
            setAsked(false)
            returnFocus(heading)
          }}
        />
      </Section>
    </>
  )
}

interface ResultProps {
  user: UserSecurityFragment
  secured: Secured
  onCopyLink: () => void
}

/** What the administrator should do next, after securing an account. */
const SecuredAlert = ({ user, secured, onCopyLink }: ResultProps) => {
  const { t } = useLocale()
  const { resetLinkSent, blocked } = secured
  return (
    <Alert role="status" color="green" title={t('user-security.secured.title')}>
      <Text size="sm">
        {resetLinkSent
          ? t('user-security.secured.linkSent', { login: user.login })
          : blocked
            ? t('user-security.secured.blocked')
            : t('user-security.secured.noLink')}
      </Text>
      {!resetLinkSent && !blocked && (
        <Anchor component="button" type="button" size="sm" onClick={onCopyLink}>
          {t('user-security.secured.copyLink')}
        </Anchor>
      )}
    </Alert>
  )
}

/** What lets another user sign in, with buttons that end it, one by one or all at once. */
export const UserSecurityTab = ({ user, seesOperations, onChangePassword }: Props) => {
  const { t } = useLocale()
  const client = useApolloClient()
  const [securing, setSecuring] = useState(false)
  const [copying, setCopying] = useState(false)
  const [secured, setSecured] = useState<Secured | null>(null)
  const button = useRef<HTMLButtonElement>(null)

  if (user.refusalToChangePassword != null) {
    return (
      <Alert icon={<IconLock />} title={t('user-security.tab.refused')} maw={760}>
        {t(accessRefusalKeys[user.refusalToChangePassword])}
      </Alert>
    )
  }
  if (user.status === 'INVITED') return <Text size="sm">{t('user-security.tab.invited')}</Text>
  return (
    <Stack gap="md" maw={760}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" flex="1 1 18rem">
          {t('user-security.tab.hint')}
        </Text>
        <Button
          ref={button}
          color="red.9"
          leftSection={<IconShieldLock size={16} aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setSecuring(true)}
        >
          {t('user-security.secure.button')}
        </Button>
      </Group>
      {secured !== null && (
        <SecuredAlert user={user} secured={secured} onCopyLink={() => setCopying(true)} />
      )}
      <SecondFactors user={user} onChangePassword={onChangePassword} />
      <UserSessions user={user} />
      <UserTrustedDevices user={user} />
      <UserApiTokens user={user} seesOperations={seesOperations} />
      <SecureUserDialog
        user={user}
        opened={securing}
        onClose={() => setSecuring(false)}
        onSecured={done => {
          setSecuring(false)
          setSecured(done)
          notifySuccess(t('user-security.secured.title'))
          void client.refetchQueries({ include: 'active' })
          returnFocus(button)
        }}
      />
      <SignInDialogs
        user={user}
        action={copying ? 'copyResetLink' : null}
        onClose={() => {
          setCopying(false)
          void client.refetchQueries({ include: 'active' })
          returnFocus(button)
        }}
      />
    </Stack>
  )
}
