import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import type { AccessRefusal } from '@rekey/shared/access'
import { cleanup, render, screen } from '@testing-library/react'
import { PasswordRow } from './PasswordRow'

const show = (refusalToChangePassword: AccessRefusal | null) =>
  render(
    <MantineProvider env="test">
      <PasswordRow
        user={{ passwordChangedAt: null, refusalToChangePassword }}
        pencil={{ current: null }}
        onChangePassword={() => undefined}
      />
    </MantineProvider>,
  )

const showEnd = (
  end: Pick<Parameters<typeof PasswordRow>[0]['user'], 'passwordExpiresAt' | 'passwordDeadline'>,
) =>
  render(
    <MantineProvider env="test">
      <PasswordRow
        user={{ passwordChangedAt: fromNow(-90), ...end }}
        pencil={{ current: null }}
        onChangePassword={() => undefined}
      />
    </MantineProvider>,
  )

/** The time so many days from now. */
const fromNow = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString()

const pencil = () => screen.queryByRole('button', { name: 'Change password' })

afterEach(cleanup)

describe('the row of a password', () => {
  it('has the button if the viewer may change the password', () => {
    show(null)
    expect(pencil()).not.toBeNull()
  })

  it.each([
    ['OUTRANKED', 'This user has a higher role than you, or a permission that you do not have.'],
    ['PERMISSION_MISSING', 'You do not have permission to do this.'],
  ] as const)('has the reason instead of the button for %s', (refusal, reason) => {
    show(refusal)
    expect(pencil()).toBeNull()
    expect(screen.getByText(reason)).toBeTruthy()
  })

  it.each([
    [1, /^Temporary\. It works until /],
    [-1, /^Temporary\. It stopped working on /],
  ])('shows the end of a temporary password %s days from now', (days, words) => {
    showEnd({ passwordExpiresAt: fromNow(days) })
    expect(screen.getByText(words)).toBeTruthy()
  })

  it.each([
    [3, true, /^Change required by /],
    [-1, true, /^Change required since /],
    [3, false, /^Change recommended by /],
    [-1, false, /^Change recommended since /],
  ])('shows the deadline of the age %s days from now (required: %s)', (days, required, words) => {
    showEnd({ passwordDeadline: { at: fromNow(days), remindFrom: fromNow(days - 14), required } })
    expect(screen.getByText(words)).toBeTruthy()
  })

  it('shows no deadline of which the user is not reminded yet', () => {
    const deadline = { at: fromNow(20), remindFrom: fromNow(6), required: true }
    showEnd({ passwordDeadline: deadline })
    expect(screen.queryByText(/^Change required/)).toBeNull()
  })
})
