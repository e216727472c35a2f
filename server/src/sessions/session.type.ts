import {
  createUnionType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { TooManyAttempts, UserError } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { SignInChallenge } from '../second-factor/sign-in-challenge.type.js'
import { User } from '../users/user.type.js'

/** Why a session was ended from elsewhere. */
export enum SessionEndReasonEnum {
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  PASSWORD_RESET = 'PASSWORD_RESET',
  BLOCKED = 'BLOCKED',
  ENDED_ELSEWHERE = 'ENDED_ELSEWHERE',
  ADDRESS_NOT_ALLOWED = 'ADDRESS_NOT_ALLOWED',
}

registerEnumType(SessionEndReasonEnum, {
  name: 'SessionEndReason',
  description: 'Why a session was ended from elsewhere.',
  valuesConfig: {
    PASSWORD_CHANGED: { description: 'The password was changed in another session.' },
    PASSWORD_RESET: { description: 'The forgotten password was replaced through its link.' },
    BLOCKED: { description: 'The user was blocked.' },
    ENDED_ELSEWHERE: { description: 'Its user ended it from another session.' },
    ADDRESS_NOT_ALLOWED: {
      description:
        'Rekey can’t be used from the caller’s address. From an allowed one the session goes on.',
    },
  },
})

/** What one signs in with. */
@InputType({ description: 'What one signs in with.' })
export class LogInInput {
  @MaxLength(254)
  @Field(() => String, {
    description:
      'The login in any spelling: spaces around it and case do not matter, and its domain may be in Unicode or in ASCII (Punycode).',
  })
  login!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The password.' })
  password!: string
}

/** Login and password don't belong together. */
@ObjectType({
  implements: UserError,
  description:
    'Login and password don’t belong together. Which of the two is wrong, or whether the login exists, is not told.',
})
export class InvalidCredentials extends UserError {
  constructor() {
    super('Login or password is wrong.', ['password'])
  }
}

/** The password is right, but the user is blocked. */
@ObjectType({
  implements: UserError,
  description: 'The password is right, but the user is blocked. Told only to those who know it.',
})
export class AccountBlocked extends UserError {
  constructor() {
    super('Your account is blocked. Ask an administrator.', ['login'])
  }
}

const LogInError = createUnionType({
  name: 'LogInError',
  description: 'Why someone was not signed in.',
  types: () => [InvalidCredentials, AccountBlocked, AddressNotAllowed, TooManyAttempts] as const,
})

/** The outcome of a sign-in. */
@ObjectType({ description: 'The outcome of a sign-in.' })
export class LogInPayload {
  @Field(() => User, { nullable: true, description: 'Who is signed in now; null when nobody is.' })
  user: User | null = null

  @Field(() => SignInChallenge, {
    nullable: true,
    description:
      'Login and password were right, and a second step is needed: nobody is signed in yet. Answer it with answerChallenge. Else null.',
  })
  challenge: SignInChallenge | null = null

  @Field(() => [LogInError], {
    description: 'Empty when signed in, and when there is a challenge.',
  })
  errors: (typeof LogInError)[] = []
}

/** The outcome of signing out. */
@ObjectType({ description: 'The outcome of signing out.' })
export class LogOutPayload {
  @Field(() => [UserError], { description: 'Always empty: signing out can’t be refused.' })
  errors: UserError[] = []
}

/** A session to be ended. */
@InputType({ description: 'A session to be ended.' })
export class EndSessionInput {
  @Field(() => ID, { description: 'The session’s id, as sessions gives it.' })
  sessionId!: string
}

/** No such session of one's own. */
@ObjectType({
  implements: UserError,
  description:
    'The caller has no session with this id, or no longer. Whether someone else has is not told.',
})
export class SessionNotFound extends UserError {
  constructor() {
    super('There is no such session, or it has ended already.', ['sessionId'])
  }
}

const EndSessionError = createUnionType({
  name: 'EndSessionError',
  description: 'Why a session was not ended.',
  types: () => [SessionNotFound] as const,
})

/** The outcome of ending a session. */
@ObjectType({ description: 'The outcome of ending a session.' })
export class EndSessionPayload {
  @Field(() => ID, { nullable: true, description: 'The session that has ended; null when none.' })
  sessionId: string | null = null

  @Field(() => [EndSessionError], { description: 'Empty when the session was ended.' })
  errors: (typeof EndSessionError)[] = []
}

/** The outcome of ending all other sessions. */
@ObjectType({ description: 'The outcome of ending all other sessions.' })
export class EndOtherSessionsPayload {
  @Field(() => Int, { description: 'How many sessions were ended; 0 when there was no other.' })
  count = 0

  @Field(() => [UserError], { description: 'Always empty: this can’t be refused.' })
  errors: UserError[] = []
}
