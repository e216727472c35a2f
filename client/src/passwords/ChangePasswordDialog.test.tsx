import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { Notifications, notifications } from '@mantine/notifications'
import type { AccessRefusal, UserStatus } from '@rekey/shared/access'
import { defaultPasswordPolicy, passwordRulesAttribute } from '@rekey/shared/password-policy'
import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { GraphQLFormattedError } from 'graphql'
import { MemoryRouter } from 'react-router'
import { ChangePasswordDialog } from './ChangePasswordDialog'
import type { StrengthQuestion } from './start-strength-worker'
import { strengthOf } from './strength'

// jsdom has no workers.
globalThis.Worker = class extends EventTarget {
  postMessage({ password, known }: StrengthQuestion) {
    const data = strengthOf(password, known)
    queueMicrotask(() => act(() => this.dispatchEvent(new MessageEvent('message', { data }))))
  }
  terminate() {}
} as unknown as typeof Worker

const current = 'Quiet-Harbour-72'
const next = 'Brisk-Meadow-41'
const staysSignedIn = 'You stay signed in here. All your other sessions have ended.'
const user = { id: '1', login: 'maya@rekey.example', name: 'Maya L' }

const rules = defaultPasswordPolicy.map(setting => ({
  __typename: 'PasswordPolicyRule',
  min: null,
  max: null,
  last: null,
  ...setting,
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
 * @param credentials what the caller has besides the password.
 */
const open = async (
  errors: object[] = [],
  failure?: GraphQLFormattedError,
  other?: OtherUser,
  credentials: { secondFactors: object[]; tokens: number } = { secondFactors: [], tokens: 0 },
) => {
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
        Viewer: {
          viewer: {
            __typename: 'User',
            id: '2',
            login: 'adam@rekey.example',
            name: 'Adam K',
            language: 'en',
            role: 'ADMIN',
            permissions: ['users.manage'],
            mustChangePassword: false,
            mustEnrolSecondFactor: false,
          },
        },
        OwnCredentials: {
          viewer: { __typename: 'User', id: '1', secondFactors: credentials.secondFactors },
          apiTokens: { __typename: 'ApiTokenConnection', totalCount: credentials.tokens },
        },
        SuspendedApiTokens: { user: null },
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
                    passwordExpiresAt: null,
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
      <MemoryRouter>
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
      </MemoryRouter>
    </MantineProvider>,
  )
  const fields = {
    current: await screen.findByLabelText('Your current password'),
    next: screen.getByLabelText('New password'),
    repeat: screen.getByLabelText('Repeat new password'),
  }
  const typing = userEvent.setup()
  /** Adds a text to a field, as a user who pastes it. That is much faster than typing. */
  const enter = async (field: HTMLElement, text: string) => {
    await typing.click(field)
    await typing.paste(text)
  }
  const submit = () => typing.click(screen.getByRole('button', { name: 'Change password' }))
  /** Fills in the form correctly, and submits it. */
  const change = async () => {
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
  }
  return { client, typing, enter, fields, sent, unblocked, submit, change, closed: () => closed }
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

const notAllowed = () => screen.getByText(/^Not allowed: /).textContent

describe('the checklist', () => {
  it('shows what a password must have, and what it must not be in one line', async () => {
    await open()
    expect(verdicts()).toEqual({
      'MIN_LENGTH MAX_LENGTH': 'open',
      UPPERCASE: 'open',
      LOWERCASE: 'open',
      NUMBER: 'open',
      SPECIAL: 'open',
    })
    expect(screen.getByText('12 to 30 characters')).toBeTruthy()
    expect(notAllowed()).toBe(
      'Not allowed: invisible characters, your current password, commonly used passwords, the part of the login before the @, names of the user or of Rekey, passwords from known data breaches, and the last 5 passwords.',
    )
  })

  it('checks each rule while the user types, and adds a line for an exclusion that is broken', async () => {
    const { enter, typing, fields } = await open()
    await enter(fields.next, 'maya')
    await waitFor(() => expect(verdicts().CONTAINS_LOGIN).toBe('unmet'))
    expect(verdicts()).toEqual({
      'MIN_LENGTH MAX_LENGTH': 'unmet',
      UPPERCASE: 'unmet',
      LOWERCASE: 'met',
      NUMBER: 'unmet',
      SPECIAL: 'unmet',
      CONTAINS_LOGIN: 'unmet',
      CONTEXT_WORD: 'unmet',
    })
    expect(notAllowed()).not.toContain('login')
    await typing.type(fields.next, '{Backspace}')
    expect(Object.keys(verdicts())).not.toContain('CONTAINS_LOGIN')
    expect(notAllowed()).toContain('login')
  })

  it('announces how many requirements are open when the user pauses', async () => {
    const { enter, fields } = await open()
    await enter(fields.next, 'brisk')
    expect(await screen.findByText('4 requirements are not met yet.')).toBeTruthy()
    await enter(fields.next, '-Meadow-41')
    expect(
      await screen.findByText('All requirements that can be checked while you type are met.'),
    ).toBeTruthy()
  })

  it('says whose current password is meant', async () => {
    await open([], undefined, { before: 'ACTIVE', after: 'ACTIVE' })
    expect(notAllowed()).toContain('the current password of Maya L')
  })
})

describe('the dialog', () => {
  it('is not described by its whole content', async () => {
    await open()
    expect(screen.getByRole('dialog').getAttribute('aria-describedby')).toBeNull()
  })

  it('names the field of each button that shows a password', async () => {
    await open()
    for (const label of ['Your current password', 'New password', 'Repeat new password']) {
      expect(screen.getByRole('button', { name: `Show “${label}”` })).toBeTruthy()
    }
  })

  it('never calls a refused password strong', async () => {
    const { enter, typing, fields } = await open()
    const score = () => Number(document.querySelector<HTMLElement>('[data-score]')?.dataset.score)
    await enter(fields.next, 'unheard of glacier lanterns')
    await waitFor(() => expect(score()).toBe(2))
    await enter(fields.next, ' M4')
    await waitFor(() => expect(score()).toBe(4))
    await typing.clear(fields.next)
    await enter(fields.next, 'Maya-glacier-lantern-4')
    await waitFor(() => expect(score()).toBe(1))
  })

  it('keeps the passwords of two people in two forms, each with the login of its owner', async () => {
    const { fields } = await open([], undefined, { before: 'ACTIVE', after: 'ACTIVE' })
    const fieldsOf = (field: HTMLElement) =>
      [...((field as HTMLInputElement).form?.elements ?? [])].flatMap(element =>
        element instanceof HTMLInputElement && element.autocomplete !== ''
          ? [[element.autocomplete, element.value]]
          : [],
      )
    await waitFor(() =>
      expect(fieldsOf(fields.current)).toEqual([
        ['username', 'adam@rekey.example'],
        ['current-password', ''],
      ]),
    )
    expect(fieldsOf(fields.next)).toEqual([
      ['username', 'maya@rekey.example'],
      ['new-password', ''],
      ['new-password', ''],
    ])
  })

  it('keeps all own passwords in one form', async () => {
    const { fields } = await open()
    const { form } = fields.current as HTMLInputElement
    expect((fields.repeat as HTMLInputElement).form).toBe(form)
    const kinds = [...(form?.elements ?? [])].map(element => element.getAttribute('autocomplete'))
    expect(kinds.filter(kind => kind !== null)).toEqual([
      'username',
      'current-password',
      'new-password',
      'new-password',
    ])
  })
})

describe('helping to choose', () => {
  it('generates a password that meets every rule, shows it in both fields and copies it', async () => {
    const { enter, typing, fields } = await open()
    await enter(fields.current, current)
    await typing.click(screen.getByRole('button', { name: 'Generate' }))
    const { value } = fields.next as HTMLInputElement
    expect(value).toHaveLength(20)
    expect((fields.repeat as HTMLInputElement).value).toBe(value)
    expect(fields.next.getAttribute('type')).toBe('text')
    expect(Object.values(verdicts())).not.toContain('unmet')
    expect(await navigator.clipboard.readText()).toBe(value)
    expect(screen.getByText(/Generated and copied/)).toBeTruthy()
    await enter(fields.next, 'x')
    expect(screen.queryByText(/Generated and copied/)).toBeNull()
  })

  it('selects a generated password if the browser refuses to copy it', async () => {
    const { typing, fields } = await open()
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    await typing.click(screen.getByRole('button', { name: 'Generate' }))
    expect(await screen.findByText(/Generated and selected/)).toBeTruthy()
    const field = fields.next as HTMLInputElement
    expect(document.activeElement).toBe(field)
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, 20])
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
    const { enter, fields, sent, submit } = await open()
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, 'Another-One-1')
    await submit()
    expect(await screen.findByText('The passwords do not match.')).toBeTruthy()
    await waitFor(() => expect(document.activeElement).toBe(fields.repeat))
    expect(sent).toEqual([])
  })

  it('sends once, shows what happened, and keeps no password in the cache', async () => {
    const { enter, client, typing, fields, sent, submit, closed } = await open()
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
    expect(await screen.findByText(staysSignedIn)).toBeTruthy()
    expect(document.body.innerHTML).not.toContain(next)
    await typing.click(screen.getByRole('button', { name: 'Done' }))
    expect(closed()).toBe(1)
    expect(sent).toEqual([{ input: { userId: '1', currentPassword: current, newPassword: next } }])
    const cached = JSON.stringify(client.cache.extract())
    expect(cached).toContain('MIN_LENGTH')
    for (const secret of [current, next]) expect(cached).not.toContain(secret)
  })

  it('shows the errors that only the server can find at the field and in the checklist', async () => {
    const { enter, fields, submit } = await open([
      {
        __typename: 'PasswordPolicyViolated',
        message: 'The new password does not meet the requirements.',
        path: ['newPassword'],
        violations: [{ __typename: 'PasswordRuleViolation', rule: 'REUSED' }],
      },
    ])
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
    await waitFor(() => expect(verdicts().REUSED).toBe('unmet'))
    await waitFor(() => expect(document.activeElement).toBe(fields.next))
    // The field says which rule it is, for users who do not see the list.
    const describedBy = fields.next.getAttribute('aria-describedby') ?? ''
    expect(document.getElementById(describedBy)?.textContent).toBe(
      'This is one of the last 5 passwords. Choose a different one.',
    )
    await enter(fields.next, 'x')
    expect(Object.keys(verdicts())).not.toContain('REUSED')
  })

  it('counts down after too many attempts', async () => {
    const { enter, fields, submit } = await open([
      {
        __typename: 'TooManyAttempts',
        message: 'Too many attempts. Wait a little before you try again.',
        path: ['currentPassword'],
        retryAfterSeconds: 90,
      },
    ])
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
    const button = await screen.findByRole('button', { name: /Try again in 1:[0-3]\d/ })
    expect((button as HTMLButtonElement).disabled).toBe(true)
    expect(screen.getByText(/Too many attempts/)).toBeTruthy()
  })
})

describe('the dialog after too many requests', () => {
  it('keeps the entered passwords, shows how long to wait, and sends them again', async () => {
    const message = 'Too many requests from this address. Try again in 12 seconds.'
    const extensions = { code: 'RATE_LIMITED', retryAfterSeconds: 12 }
    const { enter, fields, sent, submit } = await open([], { message, extensions })
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
    expect((await screen.findByRole('alert')).textContent).toBe(
      'Too many requests. Try again in 12 seconds.',
    )
    const values = [fields.current, fields.next, fields.repeat].map(
      field => (field as HTMLInputElement).value,
    )
    expect(values).toEqual([current, next, next])
    await submit()
    expect(await screen.findByText(staysSignedIn)).toBeTruthy()
    expect(sent).toHaveLength(2)
  })
})

describe('a change that was done by an attempt whose answer was lost', () => {
  it('ends like any other change', async () => {
    const extensions = { code: 'IDEMPOTENCY_ANSWER_NOT_KEPT' }
    const { enter, fields, sent, submit } = await open([], { message: 'Done', extensions })
    await enter(fields.current, current)
    await enter(fields.next, next)
    await enter(fields.repeat, next)
    await submit()
    expect(await screen.findByText(staysSignedIn)).toBeTruthy()
    expect(sent).toHaveLength(1)
  })
})

describe('after users changed their own password', () => {
  it('says that their tokens still work, and leads to them', async () => {
    const { change } = await open([], undefined, undefined, { secondFactors: [], tokens: 2 })
    await change()
    expect(await screen.findByText(/2 API tokens of yours still work\./)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Review API tokens' })).toBeTruthy()
    expect(screen.queryByText(/Browsers that you trusted/)).toBeNull()
  })

  it('says that trusted browsers ask for the second factor, if the user has one', async () => {
    const secondFactors = [{ __typename: 'SecondFactor', id: '7' }]
    const { change } = await open([], undefined, undefined, { secondFactors, tokens: 0 })
    await change()
    expect(await screen.findByText(/Browsers that you trusted ask for/)).toBeTruthy()
    expect(screen.queryByText(/API token/)).toBeNull()
  })
})

describe('after an administrator set the password of another user', () => {
  const other = { before: 'ACTIVE', after: 'ACTIVE' } as const
  const shown = () => screen.getByLabelText<HTMLInputElement>('New password').value

  it('says what happens next, and shows the password only on demand', async () => {
    const { typing, change, closed } = await open([], undefined, other)
    await change()
    expect(
      await screen.findByText('Maya L must choose a new password at the next sign-in.'),
    ).toBeTruthy()
    expect(document.activeElement?.textContent).toBe('Done')
    expect(shown()).not.toContain(next)
    expect(document.body.innerHTML).not.toContain(next)
    await typing.click(screen.getByRole('button', { name: 'Show “New password”' }))
    expect(shown()).toBe(next)
    await typing.click(screen.getByRole('button', { name: 'Done' }))
    expect(closed()).toBe(1)
  })

  it('copies the password, and the details that the user needs to sign in', async () => {
    const { typing, change } = await open([], undefined, other)
    await change()
    await typing.click(await screen.findByRole('button', { name: 'Copy' }))
    expect(await navigator.clipboard.readText()).toBe(next)
    await typing.click(screen.getByRole('button', { name: 'Copy sign-in details' }))
    expect(await navigator.clipboard.readText()).toBe(
      `Address: ${window.location.origin}\nLogin: ${user.login}\nPassword: ${next}`,
    )
  })

  it('shows and selects what the browser refuses to copy', async () => {
    const { typing, change } = await open([], undefined, other)
    await change()
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    await typing.click(await screen.findByRole('button', { name: 'Copy' }))
    await waitFor(() => expect(shown()).toBe(next))
    await typing.click(screen.getByRole('button', { name: 'Copy sign-in details' }))
    const details = await screen.findByLabelText<HTMLTextAreaElement>('Sign-in details')
    expect(details.value).toContain(`Login: ${user.login}`)
  })

  it('does not offer the details together if the password stays valid', async () => {
    const { typing, change } = await open([], undefined, other)
    await typing.click(screen.getByLabelText(/Require a new password/))
    await change()
    expect(await screen.findByRole('button', { name: 'Copy' })).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Copy sign-in details' })).toBeNull()
  })

  it('is not closed by Esc while the password is shown', async () => {
    const { typing, change, closed } = await open([], undefined, other)
    await change()
    await screen.findByRole('button', { name: 'Done' })
    await typing.keyboard('{Escape}')
    expect(closed()).toBe(0)
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull()
  })

  it('forgets the password after five minutes', async () => {
    const { typing, change, closed } = await open([], undefined, other)
    // The result sets its timer when it appears.
    const timers: [() => void, number | undefined][] = []
    const { setTimeout: original } = window
    window.setTimeout = ((handler: () => void, ms?: number) => {
      timers.push([handler, ms])
      return original(handler, ms)
    }) as typeof window.setTimeout
    await change()
    await typing.click(await screen.findByRole('button', { name: 'Show “New password”' }))
    window.setTimeout = original
    const forget = timers.find(([, ms]) => ms === 300_000)?.[0]
    act(() => forget?.())
    expect(await screen.findByText(/^The password is no longer shown here\./)).toBeTruthy()
    expect(document.body.innerHTML).not.toContain(next)
    expect(screen.queryByRole('button', { name: /Copy/ })).toBeNull()
    await typing.keyboard('{Escape}')
    expect(closed()).toBe(1)
  })
})

describe('the password of an invited user', () => {
  const before = /Maya L is not active yet\. With this password the account/

  it('says before and after that the account becomes active', async () => {
    const other = { before: 'INVITED', after: 'ACTIVE', activated: true } as const
    const { change, closed } = await open([], undefined, other)
    expect(screen.getByRole('alert').textContent).toMatch(before)
    await change()
    expect(await screen.findByText('Account activated')).toBeTruthy()
    expect(
      screen.getByText(
        'Maya L can now sign in with this password, and must then choose a new one.',
      ),
    ).toBeTruthy()
    expect(closed()).toBe(0)
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
    expect(closed()).toBe(0)
    await typing.click(screen.getByRole('button', { name: 'Unblock' }))
    expect(await screen.findByText('Maya L can sign in again')).toBeTruthy()
    expect(unblocked).toEqual([{ input: { userIds: ['1'] } }])
    // The password is still there to be handed over.
    expect(screen.queryByText(stillBlocked)).toBeNull()
    expect(screen.getByRole('button', { name: 'Copy' })).toBeTruthy()
    expect(document.activeElement?.textContent).toBe('Done')
  })

  it('shows why the caller may not unblock the user, instead of the button', async () => {
    const other = { before: 'BLOCKED', after: 'BLOCKED', refusalToBlock: 'OUTRANKED' } as const
    const { typing, change, closed } = await open([], undefined, other)
    await change()
    expect(await screen.findByText(/This user has a higher role than you/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Unblock' })).toBeNull()
    await typing.click(screen.getByRole('button', { name: 'Done' }))
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
    const { enter, typing, fields, sent, closed } = await open()
    await enter(fields.current, current)
    await typing.keyboard('{Escape}')
    expect(closed()).toBe(1)
    expect(sent).toEqual([])
  })
})
