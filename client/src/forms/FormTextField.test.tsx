import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { FormPasswordField, FormTextField } from './FormTextField'
import { ValidatedForm } from './ValidatedForm'

const capsLockHint = 'Caps Lock is on.'

const renderForm = () =>
  render(
    <MantineProvider env="test">
      <ValidatedForm
        initialValues={{ name: '', password: '' }}
        validate={({ name }) => (name === '' ? { name: 'Enter a name.' } : {})}
        onSubmit={async () => undefined}
      >
        {() => (
          <>
            <FormTextField name="name" label="Name" />
            <FormPasswordField name="password" label="Password" />
            <button type="button">Other</button>
          </>
        )}
      </ValidatedForm>
    </MantineProvider>,
  )

describe('a field that loses the focus', () => {
  const other = () => screen.getByRole('button', { name: 'Other' })

  afterEach(cleanup)

  it('keeps the Caps Lock hint until the mouse is released, so that nothing moves under it', async () => {
    const user = userEvent.setup()
    renderForm()
    await user.click(screen.getByLabelText('Password', { selector: 'input' }))
    await user.keyboard('{CapsLock}a')
    await user.pointer({ keys: '[MouseLeft>]', target: other() })
    expect(document.activeElement).toBe(other())
    expect(screen.getByText(capsLockHint)).toBeTruthy()
    await user.pointer({ keys: '[/MouseLeft]', target: other() })
    await waitFor(() => expect(screen.queryByText(capsLockHint)).toBeNull())
  })

  it('shows its error after the mouse is released', async () => {
    const user = userEvent.setup()
    renderForm()
    await user.type(screen.getByLabelText('Name'), 'a{Backspace}')
    await user.pointer({ keys: '[MouseLeft>]', target: other() })
    expect(screen.queryByText('Enter a name.')).toBeNull()
    await user.pointer({ keys: '[/MouseLeft]', target: other() })
    await screen.findByText('Enter a name.')
  })

  it('shows its error at once if the keyboard moves the focus', async () => {
    const user = userEvent.setup()
    renderForm()
    await user.type(screen.getByLabelText('Name'), 'a{Backspace}')
    await user.tab()
    await screen.findByText('Enter a name.')
  })
})
