import { afterEach, describe, expect, it } from '@jest/globals'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useRef } from 'react'
import { useSearchShortcut, useSearchShortcutSetting } from './search-shortcut'

const Page = ({ dialog = false }: { dialog?: boolean }) => {
  const field = useRef<HTMLInputElement>(null)
  const announced = useSearchShortcut(field)
  return (
    <>
      <input ref={field} aria-label="Search" defaultValue="maya" {...announced} />
      <input aria-label="Other" />
      {dialog && <div aria-modal="true" role="dialog" />}
    </>
  )
}

const Setting = () => {
  const [on, change] = useSearchShortcutSetting()
  return <input type="checkbox" checked={on} onChange={() => change(!on)} />
}

const search = () => screen.getByLabelText<HTMLInputElement>('Search')

afterEach(() => localStorage.clear())

describe('the key “/”', () => {
  it('moves to the search, selects its text, and is announced', async () => {
    render(<Page />)
    expect(search().getAttribute('aria-keyshortcuts')).toBe('/')
    await userEvent.keyboard('/')
    expect(document.activeElement).toBe(search())
    await userEvent.keyboard('olivia')
    expect(search().value).toBe('olivia')
  })

  it('is a character in every field', async () => {
    render(<Page />)
    const other = screen.getByLabelText<HTMLInputElement>('Other')
    await userEvent.type(other, 'a/b')
    expect(other.value).toBe('a/b')
    await userEvent.type(search(), '/')
    expect(search().value).toBe('maya/')
  })

  it('does nothing with a modifier, and while a dialog is open', async () => {
    const { rerender } = render(<Page />)
    await userEvent.keyboard('{Control>}/{/Control}')
    expect(document.activeElement).toBe(document.body)
    rerender(<Page dialog />)
    await userEvent.keyboard('/')
    expect(document.activeElement).toBe(document.body)
  })

  it('can be switched off', async () => {
    render(<Setting />)
    await userEvent.click(screen.getByRole('checkbox'))
    render(<Page />)
    expect(search().hasAttribute('aria-keyshortcuts')).toBe(false)
    await userEvent.keyboard('/')
    expect(document.activeElement).not.toBe(search())
  })
})
