import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { afterEach, describe, expect, it } from '@jest/globals'
import { MantineProvider } from '@mantine/core'
import { boundOf, presetPolicies } from '@rekey/shared/password-policy'
import { act, cleanup, render, screen, within } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import type { BreachSource } from '../gql/graphql'
import { PasswordPolicyForm } from './PasswordPolicyForm'

// The server never answers, and no list of common passwords is loaded.
const silent = new ApolloLink(() => new Observable(() => undefined))
const policy = presetPolicies.REKEY.filter(({ rule }) => rule !== 'COMMON')
const rules = policy.map(setting => ({
  __typename: 'PasswordRuleSettings' as const,
  rule: setting.rule,
  enabled: true,
  bound: boundOf(setting),
}))

const show = async (breachSources: BreachSource[]) => {
  const client = new ApolloClient({ link: silent, cache: new InMemoryCache() })
  const settings = {
    __typename: 'PasswordPolicySettings' as const,
    locked: false,
    breachSources,
    rules,
    presets: [],
  }
  const router = createMemoryRouter([
    { path: '/', element: <PasswordPolicyForm settings={settings} /> },
  ])
  await act(async () => {
    render(
      <ApolloProvider client={client}>
        <MantineProvider env="test">
          <RouterProvider router={router} />
        </MantineProvider>
      </ApolloProvider>,
    )
  })
  return within(screen.getByRole('group', { name: 'Breached passwords' }))
}

const hint = /^No source of breached passwords is configured/

afterEach(cleanup)

describe('the rule about breached passwords on the settings page', () => {
  it('says that it has no effect if no source is configured', async () => {
    expect((await show([])).getByText(hint)).toBeTruthy()
    expect(screen.getAllByText(hint)).toHaveLength(1)
  })

  it('has no such hint if there is a source', async () => {
    const rule = await show(['RANGE_SERVICE'])
    expect(rule.getByRole('switch')).toBeTruthy()
    expect(rule.queryByText(hint)).toBeNull()
  })
})
