import { ApolloLink } from '@apollo/client'
import { CombinedGraphQLErrors } from '@apollo/client/errors'
import { OperationTypeNode } from 'graphql'
import { catchError, map, throwError } from 'rxjs'
import { mayBeDone, OutcomeUnknown } from '../ui/outcome-unknown'

/** Makes a mutation fail with {@link OutcomeUnknown} if its answer is lost. Nothing is retried. */
export const createLostAnswerLink = (): ApolloLink =>
  ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.MUTATION,
    new ApolloLink((operation, forward) =>
      forward(operation).pipe(
        map(answer => {
          const failure = answer.errors && new CombinedGraphQLErrors(answer)
          if (failure !== undefined && mayBeDone(failure)) throw failure
          return answer
        }),
        catchError(failure =>
          throwError(() => (mayBeDone(failure) ? new OutcomeUnknown(failure) : failure)),
        ),
      ),
    ),
  )
