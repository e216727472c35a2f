import { useQuery } from '@apollo/client/react'
import { Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { graphql } from '../gql'
import type { OwnOverviewQuery } from '../gql/graphql'
import type { Translate } from '../messages/locale'
import { Message } from '../messages/Message'
import { useLocale } from '../messages/use-locale'
import { LoadFailure } from '../ui/LoadFailure'
import { TimeAgo } from '../users/TimeAgo'
import { HomeCard } from './HomeCard'
import classes from './home.module.css'

const OwnOverview = graphql(`
  query OwnOverview {
    viewer {
      id
      login
      name
      passwordChangedAt
      recoveryCodesLeft
      secondFactors {
        id
      }
    }
    securitySettings {
      secondFactor
    }
    sessions(first: 1) {
      totalCount
    }
    apiTokens(first: 50) {
      totalCount
      nodes {
        id
        name
        expiresAt
      }
    }
  }
`)

type Own = OwnOverviewQuery & { viewer: NonNullable<OwnOverviewQuery['viewer']> }

const soonMs = 7 * 24 * 60 * 60 * 1000
const fewCodes = 3

interface NextStep {
  readonly to: string
  readonly text: string
}

/** What the viewer should do next, the most important first. */
const nextStepsOf = (t: Translate, { viewer, securitySettings, apiTokens }: Own): NextStep[] => {
  const factors = viewer.secondFactors?.length ?? 0
  const codes = viewer.recoveryCodesLeft ?? 0
  const left = (expiresAt: string) => Date.parse(expiresAt) - Date.now()
  const expiring = apiTokens.nodes.filter(
    ({ expiresAt }) => left(expiresAt) > 0 && left(expiresAt) < soonMs,
  )
  return [
    ...(factors === 0 && securitySettings.secondFactor !== 'OFF'
      ? [{ to: '/account/me/security', text: t('home.own.addSecondFactor') }]
      : []),
    ...(factors > 0 && codes < fewCodes
      ? [{ to: '/account/me/security', text: t('home.own.fewCodes', { count: codes }) }]
      : []),
    ...expiring.map(({ name }) => ({
      to: '/account/me/api',
      text: t('home.own.tokenExpires', { name }),
    })),
  ]
}

const Facts = ({ own }: { own: Own }) => {
  const { t } = useLocale()
  const { viewer, sessions, apiTokens } = own
  const factors = viewer.secondFactors?.length ?? 0
  return (
    <dl className={classes.facts}>
      <div>
        <dt>{t('home.own.password')}</dt>
        <dd>
          <Anchor component={Link} to="/account/me/password" size="sm">
            <TimeAgo at={viewer.passwordChangedAt} never={t('home.own.noPassword')} />
          </Anchor>
        </dd>
      </div>
      <div>
        <dt>{t('home.own.secondFactor')}</dt>
        <dd>
          <Anchor component={Link} to="/account/me/security" size="sm">
            {t('home.own.secondFactors', { count: factors })}
          </Anchor>
        </dd>
      </div>
      <div>
        <dt>{t('home.own.sessions')}</dt>
        <dd>
          <Anchor component={Link} to="/account/me/security#sessions" size="sm">
            {t('home.own.sessionCount', { count: sessions.totalCount })}
          </Anchor>
        </dd>
      </div>
      <div>
        <dt>{t('home.own.tokens')}</dt>
        <dd>
          <Anchor component={Link} to="/account/me/api" size="sm">
            {t('home.own.tokenCount', { count: apiTokens.totalCount })}
          </Anchor>
        </dd>
      </div>
    </dl>
  )
}

const NextSteps = ({ steps }: { steps: readonly NextStep[] }) => {
  const { t } = useLocale()
  if (steps.length === 0) {
    return (
      <div className={classes.step}>
        <IconCircleCheck size={20} aria-hidden className={classes.done ?? ''} />
        <Text size="sm">{t('home.own.nothingToDo')}</Text>
      </div>
    )
  }
  return (
    <ul className={classes.steps} aria-label={t('home.own.next')}>
      {steps.map(({ to, text }) => (
        <li key={text} className={classes.step}>
          <IconAlertTriangle size={20} aria-hidden className={classes.warning ?? ''} />
          <Anchor component={Link} to={to} size="sm" className={classes.what ?? ''}>
            {text}
          </Anchor>
        </li>
      ))}
    </ul>
  )
}

/** The viewer's own security at a glance, and what to do next. */
export const OwnSecurity = () => {
  const { t } = useLocale()
  const { data, error, refetch } = useQuery(OwnOverview, {
    fetchPolicy: 'cache-and-network',
    refetchOn: { windowFocus: true },
  })
  const own = data?.viewer == null ? undefined : { ...data, viewer: data.viewer }
  return (
    <HomeCard
      title={own?.viewer.name ?? t('home.page.loading')}
      link={{ to: '/account/me', label: t('home.own.account') }}
    >
      {own === undefined ? (
        error === undefined ? (
          <Skeleton height={140} aria-busy="true" aria-label={t('home.page.loading')} />
        ) : (
          <LoadFailure failure={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Stack gap="md">
          <Text size="sm" c="dimmed" mt={-8} style={{ overflowWrap: 'anywhere' }}>
            <Message id="home.own.login" values={{ login: <bdi>{own.viewer.login}</bdi> }} />
          </Text>
          <Facts own={own} />
          <NextSteps steps={nextStepsOf(t, own)} />
        </Stack>
      )}
    </HomeCard>
  )
}
