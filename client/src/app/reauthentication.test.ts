import { ApolloLink, Observable } from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { describe, expect, it } from '@jest/globals'
import { renderHook } from '@testing-library/react'
import { parse } from 'graphql'
import { useLocale } from '../messages/use-locale'
import { createReauthentication } from '../reauthentication/reauthentication'
import { createSession } from '../sessions/session'
import { describeFailure } from '../ui/describe-failure'
import { createApolloClient } from './apollo-client'

const { t } = renderHook(useLocale).result.current

const Delete = parse('mutation Delete($id: ID!) { delete(id: $id) }')

const failureOf = (code: string) => ({ message: code, extensions: { code } })

/** A client of an API that by default requires a proof until one was given. */
const start = (
  codeOf: (proved: boolean) => string | null = proved =>
    proved ? null : 'REAUTHENTICATION_REQUIRED',
) => {
  const api = { proved: false, sent: [] as string[], hold: Promise.resolve() }
  let asked = 0
  const reauthentication = createReauthentication()
  reauthentication.subscribe(() => {
    if (reauthentication.isAsking()) asked += 1
  })
  const transport = new ApolloLink(
    ({ variables }) =>
      new Observable(observer => {
        api.sent.push(variables.id)
        const code = codeOf(api.proved)
        void api.hold.then(() => {
          observer.next(
            code === null ? { data: { delete: variables.id } } : { errors: [failureOf(code)] },
          )
          observer.complete()
        })
      }),
  )
  let ended = 0
  const session = createSession({
    whoIsSignedIn: async () => null,
    isFormOpen: () => false,
    leave: () => {
      ended += 1
    },
    startAnew: () => undefined,
    announce: () => undefined,
  })
  const client = createApolloClient(session, reauthentication, transport)
  return {
    api,
    asked: () => asked,
    ended: () => ended,
    reauthentication,
    send: (id: string) => client.mutate({ mutation: Delete, variables: { id } }),
    /** The answer of the user in the dialog, once it is open. */
    answer: async (confirmed: boolean) => {
      while (!reauthentication.isAsking()) await new Promise(resolve => setTimeout(resolve, 1))
      if (confirmed) api.proved = true
      reauthentication.answer(confirmed)
    },
  }
}

describe('a mutation that requires a recent proof', () => {
  it('is sent again after the proof, and its caller sees only the last answer', async () => {
    const { api, send, answer, asked } = start()
    const deletion = send('1')
    await answer(true)
    expect((await deletion).data).toEqual({ delete: '1' })
    expect(api.sent).toEqual(['1', '1'])
    expect(asked()).toBe(1)
  })

  it('fails without the proof, with a message that nothing was done', async () => {
    const { api, send, answer } = start()
    const deletion = send('1')
    await answer(false)
    const failure = await deletion.catch(problem => problem)
    expect(failure).toBeInstanceOf(CombinedGraphQLErrors)
    expect(describeFailure(t, failure)).toBe(
      'Nothing was changed, because you did not confirm your identity.',
    )
    expect(api.sent).toEqual(['1'])
  })

  it('asks once for all waiting mutations, and again after the user cancelled', async () => {
    const { api, send, answer, asked } = start()
    const refused = Promise.allSettled([send('1'), send('2')])
    await answer(false)
    expect((await refused).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    const done = Promise.all([send('3'), send('4')])
    await answer(true)
    expect((await done).map(({ data }) => data)).toEqual([{ delete: '3' }, { delete: '4' }])
    expect(asked()).toBe(2)
    expect(api.sent).toEqual(['1', '2', '3', '4', '3', '4'])
  })

  it('needs no proof if another mutation completed the proof while it was on its way', async () => {
    const { api, send, answer, asked } = start()
    const first = send('1')
    let release: () => void = () => undefined
    api.hold = new Promise(resolve => {
      release = resolve
    })
    const late = send('2')
    const again = answer(true)
    await again
    release()
    expect((await first).data).toEqual({ delete: '1' })
    expect((await late).data).toEqual({ delete: '2' })
    expect(asked()).toBe(1)
  })

  it('does not ask endlessly if the API accepts no proof', async () => {
    const { api, send, answer } = start(() => 'REAUTHENTICATION_REQUIRED')
    const deletion = send('1')
    await answer(true)
    await expect(deletion).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    expect(api.sent).toEqual(['1', '1'])
  })

  it('ends the session if the user is no longer signed in after the proof', async () => {
    const { send, answer, ended } = start(proved =>
      proved ? 'UNAUTHENTICATED' : 'REAUTHENTICATION_REQUIRED',
    )
    const deletion = send('1')
    await answer(true)
    await expect(deletion).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    expect(ended()).toBe(1)
  })
})

describe('any other failure', () => {
  it('does not ask for a proof', async () => {
    const { send, asked } = start(() => 'FORBIDDEN')
    await expect(send('1')).rejects.toBeInstanceOf(CombinedGraphQLErrors)
    expect(asked()).toBe(0)
  })
})
