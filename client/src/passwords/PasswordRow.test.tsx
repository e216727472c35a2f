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
})
