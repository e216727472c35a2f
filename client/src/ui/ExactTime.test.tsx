import { afterEach, describe, expect, it } from '@jest/globals'
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { localeOutside } from '../messages/use-locale'
import { ExactTime } from './ExactTime'

const at = '2026-03-04T12:00:00.000Z'

const shownTime = () => screen.queryByRole('tooltip')?.textContent

describe('the exact time of a short one', () => {
  const exact = () => localeOutside().formatMoment(at)

  afterEach(cleanup)

  it('is shown and announced while the short time has the focus', async () => {
    render(<ExactTime at={at}>8 months ago</ExactTime>)
    expect(shownTime()).toBeUndefined()
    await userEvent.tab()
    expect(document.activeElement?.textContent).toBe('8 months ago')
    expect(shownTime()).toBe(exact())
    expect(document.activeElement?.getAttribute('aria-describedby')).toBe(
      screen.getByRole('tooltip').id,
    )
    await userEvent.tab()
    expect(shownTime()).toBeUndefined()
  })

  it('disappears with Escape', async () => {
    render(<ExactTime at={at}>8 months ago</ExactTime>)
    await userEvent.tab()
    await userEvent.keyboard('{Escape}')
    expect(shownTime()).toBeUndefined()
  })

  it('is shown after a tap', async () => {
    render(<ExactTime at={at}>8 months ago</ExactTime>)
    await userEvent.pointer({ keys: '[TouchA]', target: screen.getByText('8 months ago') })
    expect(shownTime()).toBe(exact())
  })

  it('is shown while the pointer is over the short time', async () => {
    render(<ExactTime at={at}>8 months ago</ExactTime>)
    await userEvent.hover(screen.getByText('8 months ago'))
    expect(shownTime()).toBe(exact())
    await userEvent.unhover(screen.getByText('8 months ago'))
    expect(shownTime()).toBeUndefined()
  })
})
