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
import { text } from '../messages/language.js'
import { SignInChallenge } from '../second-factor/sign-in-challenge.type.js'
import { PasswordExpired } from '../users/password-expired.type.js'
import { User } from '../users/user.type.js'

/** Why a session was ended from elsewhere. */
export enum SessionEndReasonEnum {
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  PASSWORD_RESET = 'PASSWORD_RESET',
  BLOCKED = 'BLOCKED',
  ENDED_ELSEWHERE = 'ENDED_ELSEWHERE',
  ENDED_BY_ADMINISTRATOR = 'ENDED_BY_ADMINISTRATOR',
  ADDRESS_NOT_ALLOWED = 'ADDRESS_NOT_ALLOWED',
}

registerEnumType(SessionEndReasonEnum, {
  name: 'SessionEndReason',
  description: 'Why a session was ended from elsewhere.',
  valuesConfig: {
    PASSWORD_CHANGED: { description: 'The password was changed in another session.' },
    PASSWORD_RESET: { description: 'The password was reset through a link.' },
    BLOCKED: { description: 'The user was blocked.' },
    ENDED_ELSEWHERE: { description: 'The user ended the session from another session.' },
    ENDED_BY_ADMINISTRATOR: { description: 'An administrator ended the session.' },
    ADDRESS_NOT_ALLOWED: {
      description:
        'Rekey cannot be used from the caller’s address. The session is still valid at an allowed address.',
    },
  },
})

/** The login and password for a sign-in. */
@InputType({ description: 'The login and password for a sign-in.' })
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

/** The login or the password is wrong. */
@ObjectType({
  implements: UserError,
  description:
    'The login or the password is wrong. The error does not reveal which one, or whether the login exists.',
})
export class InvalidCredentials extends UserError {
  constructor() {
    super(text('sessions.error.invalidCredentials'), ['password'])
  }
}

/** The password is right, but the user is blocked. */
@ObjectType({
  implements: UserError,
  description:
    'The password is right, but the user is blocked. Returned only if the password is right.',
})
export class AccountBlocked extends UserError {
  constructor() {
    super(text('sessions.error.accountBlocked'), ['login'])
  }
}

const LogInError = createUnionType({
  name: 'LogInError',
  description: 'Why the sign-in failed.',
  types: () =>
    [
      InvalidCredentials,
      AccountBlocked,
      AddressNotAllowed,
      PasswordExpired,
      TooManyAttempts,
    ] as const,
})

/** The result of a sign-in. */
@ObjectType({ description: 'The result of a sign-in.' })
export class LogInPayload {
  @Field(() => User, {
    nullable: true,
    description: 'The user who is now signed in; null if the sign-in is not complete.',
  })
  user: User | null = null

  @Field(() => SignInChallenge, {
    nullable: true,
    description:
      'The second step, if the login and password were right and a second factor is required. The user is not signed in yet; answer the challenge with answerChallenge. Otherwise null.',
  })
  challenge: SignInChallenge | null = null

  @Field(() => [LogInError], {
    description: 'Empty if the user is signed in, and if there is a challenge.',
  })
  errors: (typeof LogInError)[] = []
}

/** The result of signing out. */
@ObjectType({ description: 'The result of signing out.' })
export class LogOutPayload {
  @Field(() => [UserError], { description: 'Always empty, because signing out never fails.' })
  errors: UserError[] = []
}

/** A session to end. */
@InputType({ description: 'A session to end.' })
export class EndSessionInput {
  @Field(() => ID, { description: 'The id of the session, as returned by the query sessions.' })
  sessionId!: string
}

/** The user has no such session. */
@ObjectType({
  implements: UserError,
  description:
    'The user has no session with this id, or no longer. The error does not reveal whether another user has one.',
})
export class SessionNotFound extends UserError {
  constructor() {
    super(text('sessions.error.sessionNotFound'), ['sessionId'])
  }
}

const EndSessionError = createUnionType({
  name: 'EndSessionError',
  description: 'Why a session was not ended.',
  types: () => [SessionNotFound] as const,
})

/** The result of ending a session. */
@ObjectType({ description: 'The result of ending a session.' })
export class EndSessionPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the ended session; null if none was ended.',
  })
  sessionId: string | null = null

  @Field(() => [EndSessionError], { description: 'Empty if the session was ended.' })
  errors: (typeof EndSessionError)[] = []
}

/** The result of ending all other sessions. */
@ObjectType({ description: 'The result of ending all other sessions.' })
export class EndOtherSessionsPayload {
  @Field(() => Int, { description: 'The number of ended sessions; 0 if there were no others.' })
  count = 0

  @Field(() => [UserError], { description: 'Always empty, because this never fails.' })
  errors: UserError[] = []
}
