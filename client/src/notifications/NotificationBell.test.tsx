import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { NotificationBell } from './NotificationBell'
import type { Notification } from './notification-words'

type Operation = NonNullable<Notification['operation']>

const operationOf = (given: Partial<Operation>): Operation => ({
  id: 'operation',
  action: 'UPDATE_USER',
  ip: 'hidden',
  userAgent: '',
  actorName: 'Ada Nowak',
  subjectName: 'Maya Lindqvist',
  subject: null,
  changes: [],
  ...given,
})

let ids = 0
const notificationOf = (given: Partial<Notification>): Notification => {
  ids += 1
  return {
    id: String(ids),
    at: new Date(Date.now() - ids * 1000).toISOString(),
    seen: false,
    operation: null,
    passwordDeadline: null,
    apiToken: null,
    ...given,
  }
}

/** Shows the bell of an API with these notifications. Returns the times that were marked as seen. */
const show = (notifications: Notification[], unseen: number, offline = false) => {
  const marked: string[] = []
  const answer = (name: string | undefined, variables: Record<string, unknown>) => {
    switch (name) {
      case 'UnseenNotificationCount':
        return { unseenNotificationCount: unseen }
      case 'NewestNotifications':
        return { notifications: { __typename: 'NotificationConnection', nodes: notifications } }
      default:
        marked.push((variables.input as { until: string }).until)
        return {
          markNotificationsSeen: {
            __typename: 'MarkNotificationsSeenPayload',
            unseenNotificationCount: 0,
          },
        }
    }
  }
  const link = new ApolloLink(
    ({ operationName, variables }) =>
      new Observable(observer => {
        if (offline && operationName === 'NewestNotifications') {
          observer.error(new Error('offline'))
          return
        }
        observer.next({ data: answer(operationName, variables) })
        observer.complete()
      }),
  )
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  render(
    <ApolloProvider client={client}>
      <MantineProvider env="test">
        <MemoryRouter>
          <NotificationBell />
        </MemoryRouter>
      </MantineProvider>
    </ApolloProvider>,
  )
  return marked
}

const bell = (name: string) => screen.findByRole('button', { name })

afterEach(cleanup)

describe('the bell', () => {
  it('has the number of unseen notifications in its name', async () => {
    show([], 3)
    expect((await bell('Notifications, 3 unseen')).textContent).toBe('3')
  })

  it('shows no number if everything was seen', async () => {
    show([], 0)
    expect((await bell('Notifications')).textContent).toBe('')
  })

  it('shows 99+ from a hundred on', async () => {
    show([], 100)
    expect((await bell('Notifications, 99+ unseen')).textContent).toBe('99+')
  })

  it('lists the newest notifications, and marks them as seen up to the first', async () => {
    const notifications = [
      notificationOf({ operation: operationOf({ action: 'CHANGE_ACCESS' }) }),
      notificationOf({ operation: operationOf({ id: 'older' }), seen: true }),
    ]
    const marked = show(notifications, 1)
    await userEvent.click(await bell('Notifications, 1 unseen'))
    const link = await screen.findByRole('link', {
      name: 'Ada Nowak changed your role or permissions.',
    })
    expect(link.getAttribute('href')).toBe('/account/me/activity')
    // The new one keeps its badge while the list is open.
    expect(screen.getAllByText('New')).toHaveLength(1)
    await waitFor(() => expect(marked).toEqual([notifications[0]?.at]))
    await bell('Notifications')
  })

  it('marks nothing as seen if the list cannot be loaded', async () => {
    const marked = show([], 2, true)
    await userEvent.click(await bell('Notifications, 2 unseen'))
    await screen.findByRole('alert')
    expect(marked).toEqual([])
  })

  it('says that nothing happened if the list is empty', async () => {
    const marked = show([], 0)
    await userEvent.click(await bell('Notifications'))
    await screen.findByText('Nothing happened in the last 30 days that you need to know.')
    expect(marked).toEqual([])
  })

  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  const deadlineAt = (at: string) => ({
    passwordDeadline: {
      at,
      remindFrom: inDays(-10),
      required: false,
    },
  })
  const tokenUntil = (expiresAt: string) => ({
    apiToken: { id: 'token', name: 'Report', expiresAt },
  })
  it.each([
    [
      { action: 'LOG_IN', changes: [{ name: 'newPlace', from: null, to: 'NETWORK' }] },
      /^You signed in from a new network\.$/,
    ],
    [
      { action: 'ACTIVATE_USER', actorName: 'Maya Lindqvist' },
      /^Maya Lindqvist accepted your invitation\.$/,
    ],
    [{ action: 'ACTIVATE_USER' }, /^Ada Nowak activated the account of Maya Lindqvist, whom/],
    [{ action: 'DISABLE_WEBHOOK' }, /^A webhook was disabled/],
    [{ action: 'CHANGE_PASSWORD', actorName: null, ip: 'command line' }, /changed your password/],
  ] as [Partial<Operation>, RegExp][])('describes the operation %j', async (given, sentence) => {
    show([notificationOf({ operation: operationOf(given) })], 1)
    await userEvent.click(await bell('Notifications, 1 unseen'))
    await waitFor(() =>
      expect(screen.getByRole('listitem').firstElementChild?.textContent).toMatch(sentence),
    )
  })

  it.each([
    [
      'an old password',
      deadlineAt(inDays(3)),
      /^Change your password by /,
      '/account/change-password',
    ],
    [
      'a password that is too old',
      deadlineAt(inDays(-3)),
      /^Your password is old/,
      '/account/change-password',
    ],
    [
      'a token that expires',
      tokenUntil(inDays(3)),
      /^Your API token Report expires on /,
      '/account/me/api',
    ],
    [
      'a token that has expired',
      tokenUntil(inDays(-3)),
      /^Your API token Report expired on /,
      '/account/me/api',
    ],
  ])('reminds of %s', async (_, given, sentence, to) => {
    show([notificationOf(given)], 1)
    await userEvent.click(await bell('Notifications, 1 unseen'))
    const link = await screen.findByRole('link', { name: sentence })
    expect(link.getAttribute('href')).toBe(to)
  })
})
