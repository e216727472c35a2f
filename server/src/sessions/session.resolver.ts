import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import {
  Public,
  RequireRecentProof,
  SessionOnly,
  SignedIn,
  sessionOnlyDescription,
} from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { pageArgumentsOf } from '../graphql/page-arguments.type.js'
import { TooManyAttempts } from '../graphql/user-error.type.js'
import { AddressNotAllowed } from '../ip-authorization/ip-authorization.type.js'
import { SignInChallenge } from '../second-factor/sign-in-challenge.type.js'
import { PasswordExpired } from '../users/password-expired.type.js'
import { userOf } from '../users/user.type.js'
import type { SessionEndReason } from './session.entity.js'
import type { LogInResult, SessionService } from './session.service.js'
import {
  AccountBlocked,
  EndOtherSessionsPayload,
  EndSessionInput,
  EndSessionPayload,
  InvalidCredentials,
  LogInInput,
  LogInPayload,
  LogOutPayload,
  SessionEndReasonEnum,
  SessionNotFound,
} from './session.type.js'
import { SessionConnection, SessionsArgs } from './session-connection.type.js'

const errorOf = (
  result: Exclude<LogInResult, { kind: 'signedIn' | 'challenged' }>,
  { origin }: Context,
) => {
  switch (result.kind) {
    case 'invalidCredentials':
      return new InvalidCredentials()
    case 'blocked':
      return new AccountBlocked()
    case 'addressNotAllowed':
      return new AddressNotAllowed(origin.ip, ['login'])
    case 'passwordExpired':
      return new PasswordExpired(['password'])
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['password'])
  }
}

/** Signs users in and out. */
@Resolver()
export class SessionResolver {
  constructor(private readonly sessions: SessionService) {}

  @Query(() => SessionEndReasonEnum, {
    nullable: true,
    description:
      'Why the session of this browser has ended; null if it is valid, if there is none, and if it expired.',
  })
  sessionEndReason(@Ctx() context: Context): SessionEndReason | null {
    return context.sessionEndReason
  }

  @Mutation(() => LogInPayload, {
    description: `Signs in. The response sets the session cookie, which is HttpOnly. An earlier session of the browser ends. A user with a second factor gets a challenge instead and no cookie, unless the browser is a trusted device.

The session expires if it is not used for a while, and after some days in any case.

Errors of GraphQL itself: \`RATE_LIMITED\`.`,
  })
  @Public()
  async logIn(
    @Arg('input', () => LogInInput, { description: 'The login and the password.' })
    input: LogInInput,
    @Ctx() context: Context,
  ): Promise<LogInPayload> {
    const { login, password } = input
    const { sessionToken: previousToken, deviceToken, trustedDeviceToken } = context
    const result = await this.sessions.logIn(
      { login, password, previousToken, deviceToken, trustedDeviceToken },
      context.origin,
    )
    const payload = new LogInPayload()
    if (result.kind === 'signedIn') {
      context.cookies.set({ session: result.token })
      if (result.deviceToken !== null) context.cookies.set({ device: result.deviceToken })
      payload.user = userOf(result.user)
    } else if (result.kind === 'challenged') {
      payload.challenge = new SignInChallenge(result.challenge)
    } else {
      payload.errors = [errorOf(result, context)]
    }
    return payload
  }

  @Query(() => SessionConnection, {
    name: 'sessions',
    description: `The caller’s own sessions in pages, the most recently used first. A session that is used in the meantime moves to the front. Ended sessions are not included. ${sessionOnlyDescription}`,
  })
  async sessionList(
    @Args(() => SessionsArgs) args: SessionsArgs,
    @Ctx() context: Context,
  ): Promise<SessionConnection> {
    const caller = context.requireSession()
    const page = await this.sessions.list(caller.id, pageArgumentsOf(args))
    return new SessionConnection(page, caller.session.id)
  }

  @Mutation(() => EndSessionPayload, {
    description:
      'Ends one of the caller’s own sessions. Its browser is signed out and learns that the session was ended elsewhere. If a session ends itself, this is a sign-out and requires no proof of identity.',
  })
  @SignedIn()
  @SessionOnly()
  @RequireRecentProof<EndSessionInput>(({ sessionId }, { session }) => sessionId === session?.id)
  async endSession(
    @Arg('input', () => EndSessionInput, { description: 'The session to end.' })
    input: EndSessionInput,
    @Ctx() context: Context,
  ): Promise<EndSessionPayload> {
    const caller = context.requireSession()
    const payload = new EndSessionPayload()
    if (await this.sessions.end(caller, input.sessionId, context.origin)) {
      payload.sessionId = input.sessionId
      if (input.sessionId === caller.session.id) context.cookies.set({ session: null })
    } else {
      payload.errors = [new SessionNotFound()]
    }
    return payload
  }

  @Mutation(() => EndOtherSessionsPayload, {
    description: 'Ends all of the caller’s sessions except the current one.',
  })
  @SignedIn()
  @SessionOnly()
  @RequireRecentProof()
  async endOtherSessions(@Ctx() context: Context): Promise<EndOtherSessionsPayload> {
    const payload = new EndOtherSessionsPayload()
    payload.count = await this.sessions.endOthers(context.requireSession(), context.origin)
    return payload
  }

  @Mutation(() => LogOutPayload, {
    description:
      'Ends the caller’s session, also from an address that is not allowed. Does nothing if the caller is not signed in. An API token has no session; revoke the token instead.',
  })
  @Public()
  @SessionOnly()
  async logOut(@Ctx() context: Context): Promise<LogOutPayload> {
    const { caller, sessionToken, sessionEndReason, origin } = context
    if (caller?.session) {
      await this.sessions.logOut({ ...caller, session: caller.session }, origin)
    } else if (sessionToken !== undefined && sessionEndReason === 'ADDRESS_NOT_ALLOWED') {
      await this.sessions.logOutFromElsewhere(sessionToken, origin)
    }
    context.cookies.set({ session: null })
    return new LogOutPayload()
  }
}
