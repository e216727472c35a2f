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
    case 'tooManyAttempts':
      return new TooManyAttempts(result.retryAfterSeconds, ['password'])
  }
}

/** Signs in and out. */
@Resolver()
export class SessionResolver {
  constructor(private readonly sessions: SessionService) {}

  @Query(() => SessionEndReasonEnum, {
    nullable: true,
    description:
      'Why the session the browser came with has ended; null while it lasts, when there is none, and when it ended by itself.',
  })
  sessionEndReason(@Ctx() context: Context): SessionEndReason | null {
    return context.sessionEndReason
  }

  @Mutation(() => LogInPayload, {
    description: `Signs in. The answer sets the session cookie, HttpOnly; a session the browser had before ends. Whoever has a second factor gets a challenge instead, and no cookie, unless their browser is a trusted device.

Ends by itself when unused for a while, and after some days in any case.

Errors of GraphQL itself: \`RATE_LIMITED\`.`,
  })
  @Public()
  async logIn(
    @Arg('input', () => LogInInput, { description: 'Login and password.' }) input: LogInInput,
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
    description: `The caller’s own sessions, a page at a time, the one used last first. One that is used meanwhile moves to the front. Ended ones are not among them. ${sessionOnlyDescription}`,
  })
  async sessionList(
    @Args(() => SessionsArgs) args: SessionsArgs,
    @Ctx() context: Context,
  ): Promise<SessionConnection> {
    const caller = context.requireSession()
    const page = await this.sessions.list(caller, pageArgumentsOf(args))
    return new SessionConnection(page, caller.session.id)
  }

  @Mutation(() => EndSessionPayload, {
    description:
      'Ends one of the caller’s own sessions: whoever uses it is signed out, and told that it was ended elsewhere. Of the session it is called with, it is a sign-out, which requires no proof.',
  })
  @SignedIn()
  @SessionOnly()
  @RequireRecentProof<EndSessionInput>(({ sessionId }, { session }) => sessionId === session?.id)
  async endSession(
    @Arg('input', () => EndSessionInput, { description: 'Which session.' }) input: EndSessionInput,
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
    description: 'Ends all of the caller’s sessions but the one it is called with.',
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
      'Ends the caller’s session, also from an address that is not allowed. Signed out already, it does nothing. An API token has none to end: it is revoked.',
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
