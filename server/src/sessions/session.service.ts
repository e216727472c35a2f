import { loginKeyOf } from '@rekey/shared/login'
import { uuidv7 } from 'uuidv7'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { unauthenticated } from '../graphql/api-error.js'
import { type CountedPage, type PageArguments, readPage } from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type {
  SignInChallenge,
  SignInChallengeService,
} from '../second-factor/sign-in-challenge.service.js'
import type { SignInNoticeService } from '../sign-in-notices/sign-in-notice.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { KnownOrigin, KnownOriginService } from '../throttle/known-origin.service.js'
import type { PasswordAttempt, ThrottleService } from '../throttle/throttle.service.js'
import type { SessionCaller } from '../users/caller.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { SeenSessions } from './seen-sessions.js'
import type { SessionEndReason, SessionEntity } from './session.entity.js'
import * as store from './session.store.js'
import { hashToken, newToken } from './session-token.js'

/** What a session token turned out to be worth. */
export interface SessionLookup {
  readonly caller: SessionCaller | null
  /** Why the session has ended, where that is known. */
  readonly endReason: SessionEndReason | null
}

/** A sign-in as it is asked for. */
export interface LogIn {
  readonly login: string
  readonly password: string
  /**
   * The session token the browser came with. That session ends, so that one planted
   * there beforehand is worth nothing (session fixation).
   */
  readonly previousToken: string | undefined
  /** The token of a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a browser that is not to be asked for a second factor. */
  readonly trustedDeviceToken: string | undefined
}

/** A sign-in whose attempt is counted. */
interface CountedLogIn {
  /** Whose login it is; null when it is nobody's. */
  readonly user: UserEntity | null
  readonly known: KnownOrigin
  readonly attempt: PasswordAttempt
}

/** What becomes of someone who has proved who they are. */
export type SignInResult =
  | {
      readonly kind: 'signedIn'
      readonly user: UserEntity
      readonly token: string
      /** Marks the browser as known; null when it is already. */
      readonly deviceToken: string | null
    }
  | { readonly kind: 'invalidCredentials' | 'blocked' }

/** What became of a sign-in. */
export type LogInResult =
  | SignInResult
  /** The password was right, and nobody is signed in yet. */
  | { readonly kind: 'challenged'; readonly challenge: SignInChallenge }
  | { readonly kind: 'addressNotAllowed' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

const isSessionPlace = (place: unknown): place is store.SessionPlace =>
  Array.isArray(place) &&
  place.length === 2 &&
  Number.isSafeInteger(place[0]) &&
  typeof place[1] === 'string'

const nobody: SessionLookup = { caller: null, endReason: null }

/** Signs people in and out, and knows who is signed in. */
export class SessionService {
  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly throttle: ThrottleService,
    private readonly devices: DeviceTokenService,
    private readonly knownOrigins: KnownOriginService,
    private readonly hasher: PasswordHasher,
    private readonly challenges: SignInChallengeService,
    private readonly ipAuthorization: IpAuthorizationService,
    private readonly notices: SignInNoticeService,
    private readonly seenSessions: SeenSessions,
    private readonly lifetimes: Config['session'],
  ) {}

  /**
   * Signs someone in. An unknown login takes the same way, and so the same time,
   * as a known one with a wrong password.
   *
   * @throws RATE_LIMITED when too many hashes wait already.
   */
  async logIn(logIn: LogIn, origin: RequestOrigin): Promise<LogInResult> {
    const { login, deviceToken } = logIn
    const user = await this.users.findByLogin(login)
    const known = await this.knownOrigins.find(user, origin.ip, deviceToken)
    const attempt = { ip: origin.ip, of: { login: user?.loginKey ?? loginKeyOf(login), known } }
    return this.throttle.attempt<LogInResult>(attempt, {
      verify: () => this.verify(logIn, { user, known, attempt }, origin),
      refuse: async ({ first, retryAfterSeconds }) => {
        if (first) await this.recordRefusal(user, origin, 'TOO_MANY_ATTEMPTS')
        return { kind: 'tooManyAttempts', retryAfterSeconds }
      },
    })
  }

  /** Signs in someone whose attempt is counted. */
  private async verify(
    { password, previousToken, trustedDeviceToken }: LogIn,
    { user, known, attempt }: CountedLogIn,
    origin: RequestOrigin,
  ): Promise<LogInResult> {
    const correct = await this.hasher.verifyPassword(user?.passwordHash ?? null, password)
    if (user === null || !correct || user.status === 'INVITED') {
      await this.recordRefusal(user, origin, 'INVALID_CREDENTIALS')
      return { kind: 'invalidCredentials' }
    }
    if (user.status === 'BLOCKED') {
      await this.database.write(unit => this.throttle.succeed(unit, attempt))
      await this.recordRefusal(user, origin, 'BLOCKED')
      return { kind: 'blocked' }
    }
    if (!(await this.ipAuthorization.allows(origin.ip))) {
      await this.database.write(unit => this.throttle.succeed(unit, attempt))
      await this.recordRefusal(user, origin, 'ADDRESS_NOT_ALLOWED')
      return { kind: 'addressNotAllowed' }
    }
    const rehashed =
      user.passwordHash !== null && this.hasher.isOutdated(user.passwordHash)
        ? await this.hasher.hashPassword(password)
        : null

    const newDeviceToken = known.browser === null ? await this.devices.issue(user) : null

    return this.database.write(async (unit): Promise<LogInResult> => {
      await this.throttle.succeed(unit, attempt)
      const challenge = await this.challenges.begin(unit, user, trustedDeviceToken)
      if (challenge !== null) {
        const current = rehashed === null ? null : await this.users.findIn(unit, user.id)
        if (rehashed !== null && current !== null && isSamePassword(current, user)) {
          await this.users.rehashPassword(unit, user.id, rehashed)
        }
        await this.noteChallenge(unit, user, known, origin)
        return { kind: 'challenged', challenge }
      }
      const browser = { previousToken, newDeviceToken, method: 'PASSWORD' }
      const result = await this.signIn(unit, user, browser, origin)
      if (result.kind === 'signedIn' && rehashed !== null) {
        await this.users.rehashPassword(unit, user.id, rehashed)
      }
      return result
    })
  }

  /**
   * Records that the password was right and a second step is asked for. Whoever gives up there
   * knows the password, so its owner learns it by mail if they never signed in from there.
   */
  private async noteChallenge(
    unit: WritingUnitOfWork,
    user: UserEntity,
    { browser, network }: KnownOrigin,
    origin: RequestOrigin,
  ): Promise<void> {
    await this.operations.record(unit, origin, {
      action: 'CHALLENGE_LOG_IN',
      outcome: 'DONE',
      actorId: user.id,
      subjectId: user.id,
    })
    if (browser !== null || network !== null) return
    if ((await this.throttle.beginChallengeNotice(unit, user.id)) !== null) return
    await this.notices.notifyOfChallenge(unit, user, origin)
  }

  /** Signs in someone who has proved all that is asked for, unless they can't be any more. */
  async signIn(
    unit: WritingUnitOfWork,
    user: UserEntity,
    browser: {
      /** The session token it came with: that session ends. */
      readonly previousToken: string | undefined
      /** Marks it as known; null when it is already. */
      readonly newDeviceToken: string | null
      /** What was proved, such as `PASSWORD, TOTP`. */
      readonly method: string
    },
    origin: RequestOrigin,
  ): Promise<SignInResult> {
    const lastSignInAt = new Date()
    if (!(await this.users.noteSignIn(unit, user, lastSignInAt))) {
      // The password was changed, or the user blocked, while it was verified.
      const current = await this.users.findIn(unit, user.id)
      const changed = current === null || !isSamePassword(current, user)
      return { kind: changed ? 'invalidCredentials' : 'blocked' }
    }
    const { previousToken, newDeviceToken, method } = browser
    const token = await this.begin(unit, user, previousToken, origin, newDeviceToken === null)
    await this.operations.record(unit, origin, {
      action: 'LOG_IN',
      outcome: 'DONE',
      actorId: user.id,
      subjectId: user.id,
      changes: [changeOf('method', method, method)],
    })
    const signedIn = { ...user, lastSignInAt }
    return { kind: 'signedIn', user: signedIn, token, deviceToken: newDeviceToken }
  }

  /**
   * Begins a session for someone who has just proved who they are, and tells them by
   * mail when that was somewhere new.
   *
   * @param deviceKnown whether they have signed in with this browser before.
   */
  async begin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    previousToken: string | undefined,
    origin: RequestOrigin,
    deviceKnown = false,
  ): Promise<string> {
    await this.notices.note(unit, user, deviceKnown, origin)
    if (previousToken !== undefined) {
      await store.deleteByTokenHash(unit, hashToken(previousToken))
    }
    const token = newToken()
    const now = new Date()
    await store.insertSession(unit, {
      id: uuidv7(),
      tokenHash: hashToken(token),
      userId: user.id,
      createdAt: now,
      lastSeenAt: now,
      provedAt: now,
      expiresAt: new Date(now.getTime() + this.lifetimes.absoluteSeconds * 1000),
      ip: origin.ip,
      userAgent: origin.userAgent,
      endReason: null,
    })
    return token
  }

  /**
   * What a token is worth to someone at this address. Moves the idle end of its session on.
   */
  async find(token: string, ip: string): Promise<SessionLookup> {
    const found = await this.database.read(unit => store.findWithUser(unit, hashToken(token)))
    if (found === null) return nobody
    if (found.session.endReason !== null) {
      return { caller: null, endReason: found.session.endReason }
    }
    if (found.user.status !== 'ACTIVE') return nobody
    const now = new Date()
    const idleMs = now.getTime() - found.session.lastSeenAt.getTime()
    if (now >= found.session.expiresAt || idleMs >= this.lifetimes.idleSeconds * 1000) return nobody
    // The session lasts: from an allowed address it goes on.
    if (!(await this.ipAuthorization.allows(ip))) {
      return { caller: null, endReason: 'ADDRESS_NOT_ALLOWED' }
    }
    this.seenSessions.note(found.session)
    const mustEnrolSecondFactor = await this.challenges.mustEnrol(found.user)
    const { session, user } = found
    const caller: SessionCaller = {
      ...user,
      limitedTo: null,
      session: { id: session.id, provedAt: session.provedAt },
      apiToken: null,
      mustEnrolSecondFactor,
      requireValidCredential: unit => this.requireOpenSession(unit, session.id),
    }
    return { caller, endReason: null }
  }

  /** Ends the caller's own session. */
  async logOut({ id, session }: SessionCaller, origin: RequestOrigin): Promise<void> {
    await this.database.write(unit => this.endOwn(unit, session.id, id, origin))
  }

  /** Ends the session of a token that cannot be used from the address it was sent from. */
  async logOutFromElsewhere(token: string, origin: RequestOrigin): Promise<void> {
    await this.database.write(async unit => {
      const found = await store.findWithUser(unit, hashToken(token))
      if (found === null || found.session.endReason !== null) return
      await this.endOwn(unit, found.session.id, found.user.id, origin)
    })
  }

  private async endOwn(
    unit: WritingUnitOfWork,
    sessionId: string,
    userId: string,
    origin: RequestOrigin,
  ): Promise<void> {
    await store.deleteSession(unit, sessionId)
    await this.operations.record(unit, origin, {
      action: 'LOG_OUT',
      outcome: 'DONE',
      actorId: userId,
      subjectId: userId,
    })
  }

  /**
   * A page of someone's own sessions that last, the one used last first.
   *
   * @throws BAD_USER_INPUT when the arguments don't fit.
   */
  async list(caller: SessionCaller, page: PageArguments): Promise<CountedPage<SessionEntity>> {
    const whose = this.lastingOf(caller.id)
    const found = await readPage(page, {
      descending: true,
      order: 'LAST_SEEN',
      placeOf: (session: SessionEntity): store.SessionPlace => [
        session.lastSeenAt.getTime(),
        session.id,
      ],
      isPlace: isSessionPlace,
      read: async stretch => ({
        rows: await this.database.read(unit => store.listLasting(unit, whose, stretch)),
      }),
    })
    return {
      ...found,
      countAll: () => this.database.read(unit => store.countLasting(unit, whose)),
    }
  }

  /** Every session kept of someone, ended ones too, the oldest first. */
  listAllOf(userId: string): Promise<SessionEntity[]> {
    return this.database.read(unit => store.listAllOf(unit, userId))
  }

  /**
   * Ends one of the caller's own sessions; the one they call with as well.
   *
   * @returns false when there is none with this id, or it is another's.
   * @throws as {@link UserService.callerIn}.
   */
  end(caller: SessionCaller, id: string, origin: RequestOrigin): Promise<boolean> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, caller)
      const found = await store.findLasting(unit, this.lastingOf(caller.id), id)
      if (found === null) return false
      // Nobody is to be told why they ended their own.
      if (id === caller.session.id) await store.deleteSession(unit, id)
      else await store.updateSession(unit, id, { endReason: 'ENDED_ELSEWHERE' })
      await this.operations.record(unit, origin, {
        action: 'END_SESSION',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: caller.id,
      })
      return true
    })
  }

  /**
   * Ends all of the caller's sessions but the one they call with.
   *
   * @returns how many there were.
   * @throws as {@link UserService.callerIn}.
   */
  endOthers(caller: SessionCaller, origin: RequestOrigin): Promise<number> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, caller)
      const whose = this.lastingOf(caller.id)
      const own = await store.findLasting(unit, whose, caller.session.id)
      const count = (await store.countLasting(unit, whose)) - (own === null ? 0 : 1)
      if (count === 0) return 0
      await store.endSessionsOf(unit, caller.id, caller.session.id, 'ENDED_ELSEWHERE')
      await this.operations.record(unit, origin, {
        action: 'END_OTHER_SESSIONS',
        outcome: 'DONE',
        actorId: caller.id,
        subjectId: caller.id,
      })
      return count
    })
  }

  /**
   * Gives a session, whose holder has just shown their password, a fresh token: the old
   * one is worth nothing from now on (OWASP ASVS 5.0, 7.2.4).
   *
   * @param proved whether that was all that is asked of them: the second factor as well,
   * where they have one. Otherwise their last proof stays the one it was.
   * @param origin of the request: if it came with an Idempotency-Key, a repeat gets the token too.
   * @returns the token, or null when the session has ended meanwhile.
   */
  async rotate(
    unit: WritingUnitOfWork,
    sessionId: string,
    proved: boolean,
    origin: RequestOrigin,
  ): Promise<string | null> {
    const token = newToken()
    const now = new Date()
    const kept = await store.updateSession(unit, sessionId, {
      tokenHash: hashToken(token),
      lastSeenAt: now,
      ...(proved ? { provedAt: now } : {}),
    })
    if (!kept) return null
    await origin.executedOnce?.markDone(unit, { session: token })
    return token
  }

  /** Ends every session of a user, but the one that is kept; the others are told why. */
  endAll(
    unit: WritingUnitOfWork,
    userId: string,
    keptId: string | null,
    reason: SessionEndReason,
  ): Promise<void> {
    return store.endSessionsOf(unit, userId, keptId, reason)
  }

  /** Ends every session of these users; who still has one is told why. */
  endAllOf(
    unit: WritingUnitOfWork,
    userIds: readonly string[],
    reason: SessionEndReason,
  ): Promise<void> {
    return store.endSessionsOfUsers(unit, userIds, reason)
  }

  /** Removes sessions that have ended by themselves. */
  async sweep(): Promise<void> {
    const { now, unusedSince } = this.bounds()
    await this.database.write(unit => store.deleteEnded(unit, now, unusedSince))
  }

  private async requireOpenSession(unit: UnitOfWork, id: string): Promise<void> {
    if (!(await store.hasNotEnded(unit, id))) throw unauthenticated()
  }

  private lastingOf(userId: string): store.LastingSessions {
    return { userId, ...this.bounds() }
  }

  private bounds(): { now: Date; unusedSince: Date } {
    const now = new Date()
    return { now, unusedSince: new Date(now.getTime() - this.lifetimes.idleSeconds * 1000) }
  }

  // The login that was typed is not kept: it may well be a password in the wrong field.
  private recordRefusal(
    user: UserEntity | null,
    origin: RequestOrigin,
    reason: string,
  ): Promise<void> {
    return this.operations.recordRefusal(origin, {
      action: 'LOG_IN',
      reason,
      actorId: null,
      subjectId: user?.id ?? null,
    })
  }
}
