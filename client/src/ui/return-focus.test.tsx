import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { MantineProvider, Modal } from '@mantine/core'
import { cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useRef, useState } from 'react'
import { returnFocus } from './return-focus'

/** Longer than a dialog waits before it returns the focus. */
const drawnInMs = 60

/** Is rendered slowly, like a large page on a slow machine. */
const SlowContent = ({ opened }: { opened: boolean }) => {
  const until = performance.now() + drawnInMs
  while (!opened && performance.now() < until);
  return null
}

interface PageProps {
  openerStays?: boolean
  transition: boolean
}

const Page = ({ openerStays = true, transition }: PageProps) => {
  const [opened, setOpened] = useState(false)
  const absent = useRef<HTMLButtonElement>(null)
  const control = useRef<HTMLButtonElement>(null)
  return (
    <MantineProvider env={transition ? 'default' : 'test'}>
      <button type="button" ref={control}>
        Control
      </button>
      {(openerStays || !opened) && (
        // Gets a new key, like a row that is rendered again.
        <button type="button" key={`${openerStays || opened}`} onClick={() => setOpened(true)}>
          Opener
        </button>
      )}
      <Modal
        opened={opened}
        title="Dialog"
        closeButtonProps={{ 'aria-label': 'Close' }}
        onClose={() => {
          setOpened(false)
          returnFocus(absent, control)
        }}
      >
        <SlowContent opened={opened} />
      </Modal>
      <SlowContent opened={opened} />
    </MantineProvider>
  )
}

const openAndClose = async () => {
  await userEvent.click(screen.getByRole('button', { name: 'Opener' }))
  await screen.findByRole('dialog')
  await userEvent.click(await screen.findByRole('button', { name: 'Close' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
}

/** Waits until the button with this name has the focus, and checks that it keeps it. */
const expectFocusOn = async (name: string) => {
  const button = await screen.findByRole('button', { name })
  await waitFor(() => expect(document.activeElement).toBe(button))
  // Longer than any code that may still move the focus.
  await new Promise(resolve => setTimeout(resolve, 200))
  expect(document.activeElement).toBe(button)
}

// Dialogs open and close with their real timing here, as in a browser.
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
})
afterEach(cleanup)

describe.each([
  ['with transitions', true],
  ['without transitions', false],
])('the focus after a dialog, %s', (_, transition) => {
  it('returns to its former place, however long the page takes to render', async () => {
    render(<Page transition={transition} />)
    await openAndClose()
    await expectFocusOn('Opener')
  })

  it('moves to the control if the element that had it before is gone', async () => {
    render(<Page transition={transition} openerStays={false} />)
    await openAndClose()
    await expectFocusOn('Control')
  })
})
