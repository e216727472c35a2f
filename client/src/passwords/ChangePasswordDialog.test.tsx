import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { Notifications, notifications } from '@mantine/notifications'
import type { AccessRefusal, UserStatus } from '@rekey/shared/access'
import {
  defaultPasswordPolicy,
  passwordRulesAttribute,
  ruleKeys,
} from '@rekey/shared/password-policy'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { GraphQLFormattedError } from 'graphql'
import { localeOutside } from '../messages/use-locale'
import { ChangePasswordDialog } from './ChangePasswordDialog'

const current = 'Quiet-Harbour-72'
const next = 'Brisk-Meadow-41'
const user = { id: '1', login: 'maya@rekey.example', name: 'Maya L' }

const rules = defaultPasswordPolicy.map(setting => ({
  __typename: 'PasswordPolicyRule',
  min: null,
  max: null,
  last: null,
  ...setting,
  description: String(localeOutside().format(ruleKeys[setting.rule], setting as never)),
}))

const passwordRules = passwordRulesAttribute(defaultPasswordPolicy)

/** Another user, whose password is changed. */
interface OtherUser {
  before: UserStatus
  after: UserStatus
  activated?: boolean
  refusalToBlock?: AccessRefusal
}

/**
 * Opens the dialog with a transport that answers a change with these errors.
 *
 * @param failure the first answer, instead of the errors.
 * @param other if it is another user's password: their status before and after the change.
 */
const open = async (errors: object[] = [], failure?: GraphQLFormattedError, other?: OtherUser) => {
  const sent: unknown[] = []
  const unblocked: unknown[] = []
  let closed = 0
  const transport = new ApolloLink(operation => {
    if (operation.operationName === 'ChangePassword') sent.push(operation.variables)
    if (operation.operationName === 'UnblockUsers') unblocked.push(operation.variables)
    const refused = operation.operationName === 'ChangePassword' && sent.length === 1 && failure
    return new Observable(observer => {
      if (refused) {
        observer.next({ errors: [refused] })
        observer.complete()
        return
      }
      const answers: Record<string, object> = {
        PasswordPolicy: {
          passwordPolicy: {
            __typename: 'PasswordPolicy',
            rules,
            passwordRules,
            contextWords: ['Rekey', 'accounts'],
          },
        },
        UnblockUsers: {
          unblockUsers: {
            __typename: 'UnblockUsersPayload',
            results: [{ __typename: 'UserResult', userId: '1', user: null, errors: [] }],
          },
        },
        ChangePassword: {
          changePassword: {
            __typename: 'ChangePasswordPayload',
            user:
              errors.length > 0
                ? null
                : {
                    __typename: 'User',
                    id: '1',
                    status: other?.after ?? 'ACTIVE',
                    refusalToBlock: other?.refusalToBlock ?? null,
                  },
            activated: other?.activated ?? false,
            errors,
          },
        },
      }
      observer.next({ data: answers[operation.operationName ?? ''] ?? null })
      observer.complete()
    })
  })
  const client = new ApolloClient({ link: transport, cache: new InMemoryCache() })
  render(
    <MantineProvider env="test">
      <ApolloProvider client={client}>
        <Notifications />
        <ChangePasswordDialog
          user={other === undefined ? user : { ...user, status: other.before }}
          own={other === undefined}
          opened
          onClose={() => {
            closed += 1
          }}
          onClosed={() => undefined}
        />
      </ApolloProvider>
    </MantineProvider>,
  )
  const fields = {
    current: await screen.findByLabelText('Your current password'),
    next: screen.getByLabelText('New password'),
    repeat: screen.getByLabelText('Repeat new password'),
  }
  const typing = userEvent.setup()
  const submit = () => typing.click(screen.getByRole('button', { name: 'Change password' }))
  /** Fills in the form correctly, and submits it. */
  const change = async () => {
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
  }
  return { client, typing, fields, sent, unblocked, submit, change, closed: () => closed }
}

const verdicts = () =>
  Object.fromEntries(
    [...document.querySelectorAll<HTMLElement>('[data-rule]')].map(item => [
      item.dataset.rule,
      item.dataset.verdict,
    ]),
  )

afterEach(() => {
  cleanup()
  notifications.clean()
})

describe('the checklist', () => {
  it('checks nothing before the user types, and then each rule that it can check', async () => {
    const { typing, fields } = await open()
    expect(new Set(Object.values(verdicts()))).toEqual(new Set(['open']))
    await typing.type(fields.next, 'maya')
    await waitFor(() => expect(verdicts().COMMON).toBe('met'))
    expect(verdicts()).toEqual({
      MIN_LENGTH: 'unmet',
      MAX_LENGTH: 'met',
      UPPERCASE: 'unmet',
      LOWERCASE: 'met',
      NUMBER: 'unmet',
      SPECIAL: 'unmet',
      INVALID_CHARACTER: 'met',
      SAME_AS_CURRENT: 'open',
      COMMON: 'met',
      CONTAINS_LOGIN: 'unmet',
      CONTEXT_WORD: 'unmet',
      REUSED: 'open',
    })
    expect(
      screen.getAllByText('(checked on save)').map(note => note.closest('li')?.dataset.rule),
    ).toEqual(['SAME_AS_CURRENT', 'REUSED'])
  })
})

describe('helping to choose', () => {
  it('generates a password that meets every rule, shows it in both fields and copies it', async () => {
    const { typing, fields } = await open()
    await typing.type(fields.current, current)
    await typing.click(screen.getByRole('button', { name: 'Generate' }))
    const { value } = fields.next as HTMLInputElement
    expect(value).toHaveLength(20)
    expect((fields.repeat as HTMLInputElement).value).toBe(value)
    expect(fields.next.getAttribute('type')).toBe('text')
    await waitFor(() => expect(verdicts().COMMON).toBe('met'))
    expect(Object.values(verdicts())).not.toContain('unmet')
    expect(await navigator.clipboard.readText()).toBe(value)
    expect(screen.getByText(/Generated and copied/)).toBeTruthy()
    await typing.type(fields.next, 'x')
    expect(screen.queryByText(/Generated and copied/)).toBeNull()
  })

  it('gives the rules to password managers', async () => {
    const { fields } = await open()
    expect(fields.next.getAttribute('passwordrules')).toBe(passwordRules)
  })

  it('shows a hint while Caps Lock is on', async () => {
    const { typing, fields } = await open()
    await typing.click(fields.current)
    await typing.keyboard('{CapsLock}a')
    expect(screen.getByText('Caps Lock is on.')).toBeTruthy()
    await typing.keyboard('{CapsLock}a')
    expect(screen.queryByText('Caps Lock is on.')).toBeNull()
  })
})

describe('sending', () => {
  it('sends nothing that cannot succeed, and moves the focus to the first invalid field', async () => {
    const { typing, fields, sent, submit } = await open()
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, 'Another-One-1')
    await submit()
    expect(await screen.findByText('The passwords do not match.')).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(fields.repeat))
    expect(sent).toEqual([])
  })

  it('sends once, closes, and keeps no password in the cache', async () => {
    const { client, typing, fields, sent, submit, closed } = await open()
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
    await waitFor(() => expect(closed()).toBe(1))
    expect(sent).toEqual([{ input: { userId: '1', currentPassword: current, newPassword: next } }])
    const cached = JSON.stringify(client.cache.extract())
    expect(cached).toContain('MIN_LENGTH')
    for (const secret of [current, next]) expect(cached).not.toContain(secret)
  })

  it('shows the errors that only the server can find at the field and in the checklist', async () => {
    const { typing, fields, submit } = await open([
      {
        __typename: 'PasswordPolicyViolated',
        message: 'The new password does not meet the requirements.',
        path: ['newPassword'],
        violations: [{ __typename: 'PasswordRuleViolation', rule: 'REUSED' }],
      },
    ])
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
    await waitFor(() => expect(verdicts().REUSED).toBe('unmet'))
    await waitFor(() => expect(document.activeElement).toBe(fields.next))
    // The field names the rules, for users who do not see the list.
    const describedBy = fields.next.getAttribute('aria-describedby') ?? ''
    expect(document.getElementById(describedBy)?.textContent).toMatch(
      /^The new password does not meet the requirements\. Still missing: /,
    )
    await typing.type(fields.next, 'x')
    expect(verdicts().REUSED).toBe('open')
  })

  it('counts down after too many attempts', async () => {
    const { typing, fields, submit } = await open([
      {
        __typename: 'TooManyAttempts',
        message: 'Too many attempts. Wait a little before you try again.',
        path: ['currentPassword'],
        retryAfterSeconds: 90,
      },
    ])
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
    const button = await screen.findByRole('button', { name: /Try again in 1:[0-3]\d/ })
    expect((button as HTMLButtonElement).disabled).toBe(true)
    expect(screen.getByText(/Too many attempts/)).toBeTruthy()
  })
})

describe('after too many requests', () => {
  it('keeps the entered passwords, shows how long to wait, and sends them again', async () => {
    const message = 'Too many requests from this address. Try again in 12 seconds.'
    const extensions = { code: 'RATE_LIMITED', retryAfterSeconds: 12 }
    const { typing, fields, sent, submit, closed } = await open([], { message, extensions })
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Too many requests. Try again in 12 seconds.',
    )
    const values = [fields.current, fields.next, fields.repeat].map(
      field => (field as HTMLInputElement).value,
    )
    expect(values).toEqual([current, next, next])
    await submit()
    await waitFor(() => expect(closed()).toBe(1))
    expect(sent).toHaveLength(2)
  })
})

describe('a change that was done by an attempt whose answer was lost', () => {
  it('closes the dialog like any other change', async () => {
    const extensions = { code: 'IDEMPOTENCY_ANSWER_NOT_KEPT' }
    const { typing, fields, sent, submit, closed } = await open([], { message: 'Done', extensions })
    await typing.type(fields.current, current)
    await typing.type(fields.next, next)
    await typing.type(fields.repeat, next)
    await submit()
    await waitFor(() => expect(closed()).toBe(1))
    expect(sent).toHaveLength(1)
  })
})

describe('the password of an invited user', () => {
  const before = /Maya L has not accepted the invitation yet\. With this password the account/

  it('says before and after that the account becomes active', async () => {
    const other = { before: 'INVITED', after: 'ACTIVE', activated: true } as const
    const { change, closed } = await open([], undefined, other)
    expect(screen.getByRole('alert').textContent).toMatch(before)
    await change()
    expect(await screen.findByText('Account activated')).toBeTruthy()
    expect(
      screen.getByText(
        'Maya L can now sign in with the new password, and must then choose another one.',
      ),
    ).toBeTruthy()
    expect(closed()).toBe(1)
  })

  it('does not claim an activation if the user activated the account first', async () => {
    const other = { before: 'INVITED', after: 'ACTIVE', activated: false } as const
    const { change } = await open([], undefined, other)
    await change()
    expect(await screen.findByText('Password changed')).toBeTruthy()
    expect(screen.queryByText('Account activated')).toBeNull()
  })

  it('says that the account is active if the answer was lost but the change was done', async () => {
    const done = { message: 'Done', extensions: { code: 'IDEMPOTENCY_ANSWER_NOT_KEPT' } }
    const { change } = await open([], done, { before: 'INVITED', after: 'ACTIVE' })
    await change()
    expect(await screen.findByText('Account activated')).toBeTruthy()
  })

  it('is changed without a warning if the user is active', async () => {
    const { change } = await open([], undefined, { before: 'ACTIVE', after: 'ACTIVE' })
    expect(screen.queryByRole('alert')).toBeNull()
    await change()
    expect(await screen.findByText('Password changed')).toBeTruthy()
  })
})

describe('the password of a blocked user', () => {
  const stillBlocked = 'Maya L is blocked, and still cannot sign in.'

  it('says before and after that the user cannot sign in, and offers to unblock them', async () => {
    const other = { before: 'BLOCKED', after: 'BLOCKED' } as const
    const { typing, change, closed, unblocked } = await open([], undefined, other)
    expect(screen.getByRole('alert').textContent).toMatch(/^Maya L is blocked\./)
    await change()
    expect(await screen.findByText(stillBlocked)).toBeTruthy()
    expect(document.activeElement?.textContent).toBe('Close')
    expect(closed()).toBe(0)
    await typing.click(screen.getByRole('button', { name: 'Unblock' }))
    await waitFor(() => expect(closed()).toBe(1))
    expect(unblocked).toEqual([{ input: { userIds: ['1'] } }])
    expect(await screen.findByText('Maya L can sign in again')).toBeTruthy()
  })

  it('shows why the caller may not unblock the user, instead of the button', async () => {
    const other = { before: 'BLOCKED', after: 'BLOCKED', refusalToBlock: 'OUTRANKED' } as const
    const { typing, change, closed } = await open([], undefined, other)
    await change()
    expect(await screen.findByText(/This user has a higher role than you/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Unblock' })).toBeNull()
    await typing.click(screen.getByRole('button', { name: 'Close' }))
    expect(closed()).toBe(1)
  })

  it('is noticed even if the user was blocked while the dialog was open', async () => {
    const { change } = await open([], undefined, { before: 'ACTIVE', after: 'BLOCKED' })
    await change()
    expect(await screen.findByText(stillBlocked)).toBeTruthy()
  })
})

describe('leaving', () => {
  it('closes the dialog on Esc without a question', async () => {
    const { typing, fields, sent, closed } = await open()
    await typing.type(fields.current, current)
    await typing.keyboard('{Escape}')
    expect(closed()).toBe(1)
    expect(sent).toEqual([])
  })
})
