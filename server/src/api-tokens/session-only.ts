import { needsSession } from '@rekey/shared/access'
import type { GraphQLSchema } from 'graphql'
import { sessionRequired } from '../graphql/api-error.js'
import { guardMutations } from '../graphql/guard-mutations.js'

/** What is told of whatever an API token can't do. */
export const takesSession = 'Takes a session: an API token is refused with `SESSION_REQUIRED`.'

/**
 * Keeps API tokens from the mutations whose rule says so. Who calls without a token is none of
 * its business: the resolver says what it takes.
 */
export const askForSession = (schema: GraphQLSchema): void =>
  guardMutations(schema, needsSession, takesSession, ({ signedIn }) => {
    if (signedIn?.apiToken) throw sessionRequired()
  })
