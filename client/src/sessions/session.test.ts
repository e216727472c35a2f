import { ApolloLink, Observable } from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'graphql'
import { createApolloClient } from '../app/apollo-client'
import { createSession } from './session'
import type { SignedIn } from './who-is-signed-in'

const Rename = parse('mutation Rename($name: String!) { rename(name: $name) }')
const Viewer = parse('query Viewer { viewer { id login } }')

const maya: SignedIn = { id: '1', login: 'maya@rekey.example', mustActFirst: false }
const adam: SignedIn = { id: '2', login: 'adam@rekey.example', mustActFirst: false }
const unauthenticated = {
  errors: [{ message: 'Sign in first.', extensions: { code: 'UNAUTHENTICATED' } }],
}

/** A tab of maya, and an API that knows whose session the browser has. */
const start = async ({ isFormOpen = true } = {}) => {
  const api = { signedIn: maya as SignedIn | null }
  const renamed: [name: string, by: string][] = []
  const events: string[] = []
  const session = createSession({
    whoIsSignedIn: async () => api.signedIn,
    isFormOpen: () => isFormOpen,
    leave: () => events.push('sign-in page'),
    startAnew: address => events.push(`load ${address}`),
    announce: userId => events.push(`announce ${userId}`),
  })
  const transport = new ApolloLink(
    operation =>
      new Observable(observer => {
        const { signedIn } = api
        const expected = operation.getContext().headers?.['rekey-expected-user']
        const isOther = signedIn !== null && expected !== undefined && expected !== signedIn.id
        if (operation.operationName === 'Viewer' && !isOther) {
          const { id, login } = signedIn ?? {}
          const viewer = signedIn === null ? null : { __typename: 'User', id, login }
          observer.next({ data: { viewer } })
        } else if (signedIn === null || isOther) {
          observer.next(unauthenticated)
        } else {
          renamed.push([operation.variables.name, signedIn.login])
          observer.next({ data: { rename: true } })
        }
        observer.complete()
      }),
  )
  const client = createApolloClient(session, undefined, transport)
  const readViewer = () => client.query({ query: Viewer, fetchPolicy: 'network-only' })
  await readViewer()
  const asks = async () => {
    while (session.question() === null) await new Promise(resolve => setTimeout(resolve, 1))
    return session.question()
  }
  return {
    api,
    asks,
    client,
    events,
    readViewer,
    rename: (name: string) => client.mutate({ mutation: Rename, variables: { name } }),
    renamed,
    session,
  }
}

describe('a mutation after the session has ended', () => {
  it('is sent again after the same user has signed in, and its caller sees only that answer', async () => {
    const { api, asks, events, rename, renamed, session } = await start({ isFormOpen: false })
    api.signedIn = null
    const [first, second] = [rename('Maya'), rename('Maya L')]
    expect(await asks()).toEqual({ kind: 'signIn' })
    api.signedIn = maya
    await session.continue()
    expect((await first).data).toEqual({ rename: true })
    expect((await second).data).toEqual({ rename: true })
    expect(renamed.map(([, by]) => by)).toEqual([maya.login, maya.login])
    expect(session.question()).toBeNull()
    expect(events).toEqual(['announce 1', 'announce 1'])
  })

  it('is sent again at once if the user is signed in again in another tab', async () => {
    const { api, asks, rename, renamed, session } = await start()
    api.signedIn = null
    const change = rename('Maya')
    await asks()
    api.signedIn = maya
    session.hear(maya.id)
    expect((await change).data).toEqual({ rename: true })
    expect(renamed).toEqual([['Maya', maya.login]])
  })

  it('is never sent for another person who signs in', async () => {
    const { api, asks, events, rename, renamed, session } = await start()
    api.signedIn = null
    void rename('Maya').catch(() => undefined)
    await asks()
    api.signedIn = adam
    await session.continue()
    expect(events.at(-1)).toBe('load start')
    expect(renamed).toEqual([])
  })

  it('gives way to the new password or second factor that the user needs first', async () => {
    const { api, asks, events, rename, renamed, session } = await start()
    api.signedIn = null
    void rename('Maya').catch(() => undefined)
    await asks()
    api.signedIn = { ...maya, mustActFirst: true }
    await session.continue()
    expect(events.at(-1)).toBe('load same')
    expect(renamed).toEqual([])
  })

  it('fails if the user closes the dialog, and the next one asks again', async () => {
    const { api, asks, rename, session } = await start()
    api.signedIn = null
    const change = rename('Maya')
    await asks()
    session.cancel()
    await expect(change).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    void rename('Maya').catch(() => undefined)
    expect(await asks()).toEqual({ kind: 'signIn' })
  })
})

describe('another person in another tab', () => {
  it('cannot be impersonated by a page that has not noticed yet', async () => {
    const { api, asks, rename, renamed, session, events } = await start()
    api.signedIn = adam
    void rename('Maya').catch(() => undefined)
    expect(await asks()).toEqual({ kind: 'otherUser', login: adam.login })
    expect(renamed).toEqual([])
    session.accept()
    expect(events.at(-1)).toBe('load start')
  })

  it('reloads a page without a form, and keeps a page with a form until the user has seen the question', async () => {
    const plain = await start({ isFormOpen: false })
    plain.api.signedIn = adam
    await plain.session.recover(false)
    expect(plain.events.at(-1)).toBe('load start')
    const typed = await start()
    typed.api.signedIn = adam
    typed.session.hear(adam.id)
    await typed.asks()
    expect(typed.events).toEqual(['announce 1'])
    // The first person comes back, and continues.
    typed.api.signedIn = maya
    typed.session.hear(maya.id)
    while (typed.session.question() !== null) await new Promise(resolve => setTimeout(resolve, 1))
    await typed.rename('Maya')
    expect(typed.renamed).toEqual([['Maya', maya.login]])
  })
})

describe('a query after the session has ended', () => {
  it('leads to the sign-in page if no form is open', async () => {
    const { api, events, readViewer } = await start({ isFormOpen: false })
    api.signedIn = null
    await expect(readViewer()).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    expect(events.at(-1)).toBe('sign-in page')
  })

  it('leaves the user in the cache while the page waits for the sign-in', async () => {
    const { api, asks, client, readViewer, session } = await start()
    api.signedIn = null
    const reading = readViewer()
    await asks()
    expect(client.readQuery({ query: Viewer })).toMatchObject({ viewer: { id: maya.id } })
    session.cancel()
    await expect(reading).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    expect(client.readQuery({ query: Viewer })).toMatchObject({ viewer: { id: maya.id } })
  })
})

it('asks nothing after a sign-out, and announces it to the other tabs', async () => {
  const { api, events, rename, session } = await start()
  session.end()
  api.signedIn = null
  await expect(rename('Maya')).rejects.toBeInstanceOf(CombinedGraphQLErrors)
  expect(session.question()).toBeNull()
  expect(events).toEqual(['announce 1', 'announce null'])
})
