import { BaseHttpLink } from '@apollo/client/link/http'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { act, cleanup, render, renderHook, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { useLocale } from '../messages/use-locale'
import { createSession } from '../sessions/session'
import { useViewer, Viewer } from '../sessions/use-viewer'
import { describeFailure } from '../ui/describe-failure'
import { createApolloClient } from './apollo-client'

const { t } = renderHook(useLocale).result.current

const message = 'Too many requests from this address. Try again in 12 seconds.'

/**
 * An API that returns the signed-in user, or an error about too many requests while the test sets
 * this.
 */
const createApi = () => {
  const api = {
    refusing: false,
    type: 'application/graphql-response+json; charset=utf-8',
    body: JSON.stringify({
      errors: [{ message, extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 12 } }],
    }),
    asked: 0,
  }
  const viewer = {
    __typename: 'User',
    id: '1',
    login: 'maya@rekey.example',
    name: 'Maya L',
    role: 'ADMIN',
    permissions: [],
    mustChangePassword: false,
    mustEnrolSecondFactor: false,
  }
  const fetch = async () => {
    api.asked += 1
    const [status, type, body] = api.refusing
      ? [429, api.type, api.body]
      : [200, 'application/json', JSON.stringify({ data: { viewer } })]
    // The parts of a Response that the client reads; jsdom has none.
    return { status, headers: new Map([['content-type', type]]), text: async () => body } as never
  }
  const ended = jest.fn()
  const transport = new BaseHttpLink({ uri: '/graphql', fetch })
  return { api, ended, client: createApolloClient(sessionOf(ended), undefined, transport) }
}

/** The session of a tab without a form. */
const sessionOf = (leave: () => void) =>
  createSession({
    whoIsSignedIn: async () => null,
    isFormOpen: () => false,
    leave,
    startAnew: () => undefined,
    announce: () => undefined,
  })

/** A page that shows the signed-in user and a text field. */
const Page = () => {
  const { viewer, error } = useViewer()
  const [typed, setTyped] = useState('')
  if (viewer == null) return error === undefined ? null : describeFailure(t, error)
  return (
    <label>
      {viewer.login} <input value={typed} onChange={event => setTyped(event.target.value)} />
    </label>
  )
}

afterEach(cleanup)

describe('too many requests', () => {
  it('are reported with the time to wait, and end no session', async () => {
    const { api, ended, client } = createApi()
    api.refusing = true
    const failure = await client.query({ query: Viewer }).catch((problem: unknown) => problem)
    expect(describeFailure(t, failure)).toBe('Too many requests. Try again in 12 seconds.')
    expect(ended).not.toHaveBeenCalled()
    expect(api.asked).toBe(1)
  })

  it('are reported as such if a proxy rejects them', async () => {
    const { api, client } = createApi()
    Object.assign(api, { refusing: true, type: 'text/html', body: '<h1>429</h1>' })
    const failure = await client.query({ query: Viewer }).catch((problem: unknown) => problem)
    expect(describeFailure(t, failure)).toBe('Too many requests. Wait a little, then try again.')
  })

  it('change neither the shown data nor the entered text', async () => {
    const { api, client } = createApi()
    render(
      <ApolloProvider client={client}>
        <Page />
      </ApolloProvider>,
    )
    const input = await screen.findByLabelText(/maya@rekey.example/)
    api.refusing = true
    // When the user returns to the window, all data is requested again.
    await userEvent.setup().type(input, 'half a sentence')
    act(() => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
    await waitFor(() => expect(api.asked).toBe(2))
    await act(async () => undefined)
    expect(screen.getByDisplayValue('half a sentence')).toBe(input)
  })
})
