import { Alert, Anchor, Progress, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { HomeFiguresQuery } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { useLocale } from '../messages/use-locale'
import { TimeAgo } from '../users/TimeAgo'
import { HomeCard } from './HomeCard'
import classes from './home.module.css'
import { LastOperations } from './LastOperations'
import { SignInsCard } from './SignInsCard'

type Home = HomeFiguresQuery['home']
type People = NonNullable<Home['people']>
type Count = People['mustChangePassword']

const usersPage = (filters: Record<string, string>): string =>
  `/account/users?${new URLSearchParams(filters)}`

/** A count as text, such as “12” or “10,000+”. */
const countInWords = (t: Translate, { count, exact }: Count): string =>
  t(exact ? 'home.count.exact' : 'home.count.atLeast', { count })

interface TileProps {
  to: string
  number: string
  label: string
  note?: string | null
  children?: ReactNode
}

/** A figure that leads to the list behind it. */
const Tile = ({ to, number, label, note = null, children }: TileProps) => (
  <li>
    <Link to={to} className={classes.tile}>
      <span className={classes.number}>{number}</span>
      <span className={classes.label}>{label}</span>
      {note !== null && <span className={classes.note}>{note}</span>}
      {children}
    </Link>
  </li>
)

/** What happens to invitations soon; null if nothing does. */
const invitationsNote = (
  t: Translate,
  { expiringInvitations, expiredInvitations }: People,
): string | null => {
  const notes = [
    ...(expiringInvitations.count > 0
      ? [
          t('home.people.expiring', {
            count: expiringInvitations.count,
            number: countInWords(t, expiringInvitations),
          }),
        ]
      : []),
    ...(expiredInvitations != null && expiredInvitations > 0
      ? [t('home.people.expired', { count: expiredInvitations })]
      : []),
  ]
  return notes.length === 0 ? null : notes.join(' · ')
}

const PeopleCard = ({ people }: { people: People }) => {
  const { t, formatNumber } = useLocale()
  const { active, invited, blocked, mustChangePassword } = people
  return (
    <HomeCard
      title={t('home.people.title')}
      link={{ to: '/account/users', label: t('home.people.all') }}
    >
      <ul className={classes.tiles}>
        <Tile
          to={usersPage({ status: 'ACTIVE' })}
          number={formatNumber(active)}
          label={t('home.people.active', { count: active })}
        />
        <Tile
          to={usersPage({ status: 'INVITED' })}
          number={formatNumber(invited)}
          label={t('home.people.invited', { count: invited })}
          note={invitationsNote(t, people)}
        />
        <Tile
          to={usersPage({ status: 'BLOCKED' })}
          number={formatNumber(blocked)}
          label={t('home.people.blocked', { count: blocked })}
        />
        <Tile
          to={usersPage({ password: 'must-change' })}
          number={countInWords(t, mustChangePassword)}
          label={t('home.people.mustChange', { count: mustChangePassword.count })}
        />
      </ul>
    </HomeCard>
  )
}

const SecondFactorShare = ({ people }: { people: People }) => {
  const { t } = useLocale()
  const { active, withSecondFactor } = people
  const without = active - withSecondFactor
  // Never 100 % while somebody is missing.
  const percent = active === 0 ? 0 : Math.floor((withSecondFactor / active) * 100)
  return (
    <HomeCard title={t('home.secondFactor.title')}>
      <span className={classes.number}>
        {t('home.secondFactor.share', { share: percent / 100 })}
      </span>
      <Progress
        value={percent}
        my="xs"
        className={classes.progress ?? ''}
        aria-label={t('home.secondFactor.title')}
      />
      <Text size="sm" c="dimmed">
        {t('home.secondFactor.text', { count: withSecondFactor, active })}
      </Text>
      {without > 0 && (
        <Anchor
          component={Link}
          to={usersPage({ status: 'ACTIVE', secondFactor: 'none' })}
          size="sm"
          mt="xs"
          display="inline-block"
        >
          {t('home.secondFactor.without', { count: without })}
        </Anchor>
      )}
    </HomeCard>
  )
}

const OldestPasswords = ({ users }: { users: NonNullable<Home['oldestPasswords']> }) => {
  const { t } = useLocale()
  return (
    <HomeCard title={t('home.passwords.title')}>
      {users.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('home.passwords.empty')}
        </Text>
      ) : (
        <ul className={classes.list}>
          {users.map(user => (
            <li key={user.id}>
              <Anchor
                component={Link}
                to={`/account/users/${user.id}`}
                size="sm"
                className={classes.what ?? ''}
                title={user.login}
              >
                <bdi>{user.name}</bdi>
              </Anchor>
              <Text size="sm" c="dimmed">
                <TimeAgo at={user.passwordChangedAt} />
              </Text>
            </li>
          ))}
        </ul>
      )}
    </HomeCard>
  )
}

/** What needs attention now; nothing is shown if nothing does. */
const Attention = ({ home: { webhooks, mails } }: { home: Home }) => {
  const { t } = useLocale()
  const lines = [
    ...(webhooks != null && webhooks.failing > 0
      ? [
          {
            to: '/account/settings/webhooks',
            text: t('home.attention.webhooksFailing', { count: webhooks.failing }),
          },
        ]
      : []),
    ...(webhooks != null && webhooks.disabled > 0
      ? [
          {
            to: '/account/settings/webhooks',
            text: t('home.attention.webhooksDisabled', { count: webhooks.disabled }),
          },
        ]
      : []),
    ...(mails != null && mails.failed > 0
      ? [
          {
            to: '/account/settings/mail',
            text: t('home.attention.mailsFailed', { count: mails.failed }),
          },
        ]
      : []),
    ...(mails != null && mails.waiting > 0
      ? [
          {
            to: '/account/settings/mail',
            text: t('home.attention.mailsWaiting', { count: mails.waiting }),
          },
        ]
      : []),
  ]
  if (lines.length === 0) return null
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('home.attention.title')}
      role="group"
    >
      <ul className={classes.list}>
        {lines.map(({ to, text }) => (
          <li key={text}>
            <Anchor component={Link} to={to} size="sm" underline="always" c="bright">
              {text}
            </Anchor>
          </li>
        ))}
      </ul>
    </Alert>
  )
}

interface Props {
  home: Home
  permissions: readonly string[]
}

/** The figures of the account, each part with its permission. */
export const AccountOverview = ({ home, permissions }: Props) => {
  const { t } = useLocale()
  const { people, signIns } = home
  return (
    <>
      {home.countedAt == null && (
        <Text size="sm" c="dimmed" role="status">
          {t('home.page.counting')}
        </Text>
      )}
      <Attention home={home} />
      {people != null && <PeopleCard people={people} />}
      {signIns != null && <SignInsCard days={signIns} />}
      {permissions.includes('operations.read') && <LastOperations />}
    </>
  )
}

/** The figures beside the viewer's own security. */
export const AccountAside = ({ home: { people, oldestPasswords } }: { home: Home }) => (
  <>
    {people != null && <SecondFactorShare people={people} />}
    {oldestPasswords != null && <OldestPasswords users={oldestPasswords} />}
  </>
)
