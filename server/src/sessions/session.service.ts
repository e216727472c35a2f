import { loginKeyOf } from '@rekey/shared/login'
import { uuidv7 } from 'uuidv7'
import type { Config } from '../config/config.js'
import type { Database } from '../database/database.js'
import type { UnitOfWork, WritingUnitOfWork } from '../database/unit-of-work.js'
import { unauthenticated } from '../graphql/api-error.js'
import {
  type CountedPage,
  isTextPlace,
  type PageArguments,
  readPage,
} from '../graphql/keyset-page.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { IpAuthorizationService } from '../ip-authorization/ip-authorization.service.js'
import type { OperationService } from '../operations/operation.service.js'
import { changeOf } from '../operations/operation-change.js'
import type { PasswordHasher } from '../password-hashing/password-hasher.js'
import type {
  SignInChallenge,
  SignInChallengeService,
} from '../second-factor/sign-in-challenge.service.js'
import type { SettingsService } from '../settings/settings.service.js'
import type { NewPlace, SignInNoticeService } from '../sign-in-notices/sign-in-notice.service.js'
import type { DeviceTokenService } from '../throttle/device-token.service.js'
import type { KnownOrigin, KnownOriginService } from '../throttle/known-origin.service.js'
import type { PasswordAttempt, ThrottleService } from '../throttle/throttle.service.js'
import type { SessionCaller } from '../users/caller.js'
import { hasPasswordExpired, isPasswordTooOld } from '../users/password-age.js'
import { isSamePassword } from '../users/same-password.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { SeenSessions } from './seen-sessions.js'
import type { SessionEndReason, SessionEntity } from './session.entity.js'
import * as store from './session.store.js'
import { hashToken, newToken } from './session-token.js'

/** The result of looking up a session token. */
export interface SessionLookup {
  readonly caller: SessionCaller | null
  /** Why the session has ended, if that is known. */
  readonly endReason: SessionEndReason | null
}

/** The input of a sign-in. */
export interface LogIn {
  readonly login: string
  readonly password: string
  /**
   * The session token of the browser. That session ends, so that an attacker cannot use a session
   * that they planted in the browser (session fixation).
   */
  readonly previousToken: string | undefined
  /** The token of a browser in which someone has signed in before. */
  readonly deviceToken: string | undefined
  /** The token of a trusted browser, which needs no second factor. */
  readonly trustedDeviceToken: string | undefined
}

/** A sign-in whose attempt was counted. */
interface CountedLogIn {
  /** The user with this login; null if there is none. */
  readonly user: UserEntity | null
  readonly known: KnownOrigin
  readonly attempt: PasswordAttempt
}

/** The result of signing in a user who has proved their identity. */
export type SignInResult =
  | {
      readonly kind: 'signedIn'
      readonly user: UserEntity
      readonly token: string
      /** Marks the browser as known; null if it is known already. */
      readonly deviceToken: string | null
    }
  | { readonly kind: 'invalidCredentials' | 'blocked' }

/** The result of a sign-in. */
export type LogInResult =
  | SignInResult
  /** The password was right, but the second step is still missing. */
  | { readonly kind: 'challenged'; readonly challenge: SignInChallenge }
  | { readonly kind: 'addressNotAllowed' | 'passwordExpired' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

const isSessionPlace = (place: unknown): place is store.SessionPlace =>
  Array.isArray(place) &&
  place.length === 2 &&
  Number.isSafeInteger(place[0]) &&
  isTextPlace(place[1])

const notSignedIn: SessionLookup = { caller: null, endReason: null }

/** Signs users in and out, and finds the user of a session. */
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
    private readonly settings: SettingsService,
  ) {}

  /**
   * Signs a user in. An unknown login goes through the same steps as a known login with a wrong
   * password, so both need the same time.
   *
   * @throws RATE_LIMITED if too many password hashes are waiting.
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

  /** Verifies a counted attempt and signs in the user. */
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
    if (hasPasswordExpired(user)) {
      await this.database.write(unit => this.throttle.succeed(unit, attempt))
      await this.recordRefusal(user, origin, 'PASSWORD_EXPIRED')
      return { kind: 'passwordExpired' }
    }
    const rehashed =
      user.passwordHash !== null && this.hasher.isOutdated(user.passwordHash)
        ? await this.hasher.hashPassword(password)
        : null

    const newDeviceToken = known.browser === null ? await this.devices.issue(user) : null

    return this.database.write(async (unit): Promise<LogInResult> => {
      await this.throttle.succeed(unit, attempt)
      const challenge = await this.challenges.begin(unit, user, trustedDeviceToken)
      if (typeof challenge === 'object') {
        const current = rehashed === null ? null : await this.users.findIn(unit, user.id)
        if (rehashed !== null && current !== null && isSamePassword(current, user)) {
          await this.users.rehashPassword(unit, user.id, rehashed)
        }
        await this.noteChallenge(unit, user, known, origin)
        return { kind: 'challenged', challenge }
      }
      // A trusted device skips the second step, but the password alone is no complete proof.
      const fullyProved = challenge === 'noFactor'
      const browser = { previousToken, newDeviceToken, method: 'PASSWORD', fullyProved }
      const result = await this.signIn(unit, user, browser, origin)
      if (result.kind === 'signedIn' && rehashed !== null) {
        await this.users.rehashPassword(unit, user.id, rehashed)
      }
      return result
    })
  }

  /**
   * Records that the password was right and a second step is required. Anyone who stops there knows
   * the password. If the owner has never signed in from that browser and network, they get a notice
   * by mail.
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

  /**
   * Signs in a user who has proved everything that a sign-in requires, unless the password or status
   * has changed.
   */
  async signIn(
    unit: WritingUnitOfWork,
    user: UserEntity,
    browser: {
      /** The session token of the browser. That session ends. */
      readonly previousToken: string | undefined
      /** Marks the browser as known; null if it is known already. */
      readonly newDeviceToken: string | null
      /** The methods used, such as `PASSWORD, TOTP`. */
      readonly method: string
      /** Whether they included the second factor, if the user has one. Otherwise sensitive actions require it. */
      readonly fullyProved: boolean
    },
    origin: RequestOrigin,
  ): Promise<SignInResult> {
    const lastSignInAt = new Date()
    if (!(await this.users.noteSignIn(unit, user, lastSignInAt))) {
      // The password was changed, or the user was blocked, during the verification.
      const current = await this.users.findIn(unit, user.id)
      const changed = current === null || !isSamePassword(current, user)
      return { kind: changed ? 'invalidCredentials' : 'blocked' }
    }
    const { previousToken, newDeviceToken, method, fullyProved } = browser
    const { token, newPlace } = await this.begin(unit, user, previousToken, origin, {
      deviceKnown: newDeviceToken === null,
      fullyProved,
    })
    await this.operations.record(unit, origin, {
      action: 'LOG_IN',
      outcome: 'DONE',
      actorId: user.id,
      subjectId: user.id,
      changes: [
        changeOf('method', method, method),
        ...(newPlace.length === 0 ? [] : [changeOf('newPlace', newPlace, newPlace)]),
      ],
    })
    const tooOld = isPasswordTooOld(user, await this.settings.passwordAgeIn(unit))
    const signedIn = {
      ...user,
      lastSignInAt,
      mustChangePassword: user.mustChangePassword || tooOld,
    }
    return { kind: 'signedIn', user: signedIn, token, deviceToken: newDeviceToken }
  }

  /**
   * Starts a session for a user who has just proved their identity. If the browser and network are
   * new, the user gets a notice by mail.
   *
   * @param how whether the user has signed in with this browser before, and whether the proof
   * included the second factor, if they have one.
   * @returns the token of the session, and what was new about the place.
   */
  async begin(
    unit: WritingUnitOfWork,
    user: UserEntity,
    previousToken: string | undefined,
    origin: RequestOrigin,
    { deviceKnown, fullyProved } = { deviceKnown: false, fullyProved: true },
  ): Promise<{ readonly token: string; readonly newPlace: readonly NewPlace[] }> {
    const newPlace = await this.notices.note(unit, user, deviceKnown, origin)
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
      provedAt: fullyProved ? now : new Date(0),
      expiresAt: new Date(now.getTime() + this.lifetimes.absoluteSeconds * 1000),
      ip: origin.ip,
      userAgent: origin.userAgent,
      endReason: null,
    })
    return { token, newPlace }
  }

  /**
   * Finds the session and user of a token that is used from this address. Extends the idle time of
   * the session.
   */
  async find(token: string, ip: string): Promise<SessionLookup> {
    const found = await this.database.read(unit => store.findWithUser(unit, hashToken(token)))
    if (found === null) return notSignedIn
    if (found.session.endReason !== null) {
      return { caller: null, endReason: found.session.endReason }
    }
    if (found.user.status !== 'ACTIVE') return notSignedIn
    const now = new Date()
    const idleMs = now.getTime() - found.session.lastSeenAt.getTime()
    if (now >= found.session.expiresAt || idleMs >= this.lifetimes.idleSeconds * 1000)
      return notSignedIn
    // The session has not ended: it can still be used from an allowed address.
    if (!(await this.ipAuthorization.allows(ip))) {
      return { caller: null, endReason: 'ADDRESS_NOT_ALLOWED' }
    }
    this.seenSessions.note(found.session)
    const mustEnrolSecondFactor = await this.challenges.mustEnrol(found.user)
    const { session, user } = found
    const tooOld = isPasswordTooOld(user, await this.settings.readPasswordAge())
    const caller: SessionCaller = {
      ...user,
      mustChangePassword: user.mustChangePassword || tooOld,
      limitedTo: null,
      session: { id: session.id, provedAt: session.provedAt },
      apiToken: null,
      mustEnrolSecondFactor,
      requireValidCredential: unit => this.requireOpenSession(unit, session.id),
    }
    return { caller, endReason: null }
  }

  /** Which of these users have a session that has not ended. */
  listSignedInAmong(unit: UnitOfWork, userIds: readonly string[]): Promise<string[]> {
    return store.listUsersWithSession(unit, userIds, new Date())
  }

  /** Ends the caller's own session. */
  async logOut({ id, session }: SessionCaller, origin: RequestOrigin): Promise<void> {
    await this.database.write(unit => this.endOwn(unit, session.id, id, origin))
  }

  /** Ends the session of a token that cannot be used from its current address. */
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
   * A page of a user's valid sessions, the most recently used first.
   *
   * @throws BAD_USER_INPUT if the arguments are invalid.
   */
  async list(userId: string, page: PageArguments): Promise<CountedPage<SessionEntity>> {
    const selection = this.validSessionsOf(userId)
    const found = await readPage(page, {
      descending: true,
      order: 'LAST_SEEN',
      placeOf: (session: SessionEntity): store.SessionPlace => [
        session.lastSeenAt.getTime(),
        session.id,
      ],
      isPlace: isSessionPlace,
      read: async stretch => ({
        rows: await this.database.read(unit => store.listValid(unit, selection, stretch)),
      }),
    })
    return {
      ...found,
      countAll: () => this.database.read(unit => store.countValid(unit, selection)),
    }
  }

  /** The valid sessions of a user with these ids. */
  findMany(userId: string, ids: readonly string[]): Promise<SessionEntity[]> {
    return this.database.read(unit => store.findAllValid(unit, this.validSessionsOf(userId), ids))
  }

  /** All stored sessions of a user, including ended ones, oldest first. */
  listAllOf(userId: string): Promise<SessionEntity[]> {
    return this.database.read(unit => store.listAllOf(unit, userId))
  }

  /**
   * Ends one of the caller's own sessions, including the current one.
   *
   * @returns false if there is no valid session with this id, or if it belongs to another user.
   * @throws as {@link UserService.callerIn}.
   */
  end(caller: SessionCaller, id: string, origin: RequestOrigin): Promise<boolean> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, caller)
      const found = await store.findValid(unit, this.validSessionsOf(caller.id), id)
      if (found === null) return false
      // If the caller ends the current session, there is no one to inform about the reason.
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
   * Ends all of the caller's sessions except the current one.
   *
   * @returns the number of ended sessions.
   * @throws as {@link UserService.callerIn}.
   */
  endOthers(caller: SessionCaller, origin: RequestOrigin): Promise<number> {
    return this.database.write(async unit => {
      await this.users.callerIn(unit, caller)
      const selection = this.validSessionsOf(caller.id)
      const own = await store.findValid(unit, selection, caller.session.id)
      const count = (await store.countValid(unit, selection)) - (own === null ? 0 : 1)
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
   * Gives a session a new token after the user has confirmed their password. The old token becomes
   * invalid (OWASP ASVS 5.0, 7.2.4).
   *
   * @param proved whether the confirmation was complete, including the second factor if the user
   * has one. Otherwise the time of the last proof does not change.
   * @param origin of the request. If it has an Idempotency-Key, a repeat gets the new token too.
   * @returns the token, or null if the session has ended in the meantime.
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

  /**
   * Ends a session of a user, whose browser learns the reason. Checks no permission.
   *
   * @returns false if the user has no valid session with this id.
   */
  async endOne(
    unit: WritingUnitOfWork,
    userId: string,
    id: string,
    endReason: SessionEndReason,
  ): Promise<boolean> {
    const found = await store.findValid(unit, this.validSessionsOf(userId), id)
    return found !== null && store.updateSession(unit, id, { endReason })
  }

  /** Ends all sessions of a user except the kept one. The other browsers learn the reason. */
  endAll(
    unit: WritingUnitOfWork,
    userId: string,
    keptId: string | null,
    reason: SessionEndReason,
  ): Promise<void> {
    return store.endSessionsOf(unit, userId, keptId, reason)
  }

  /** Ends all sessions of these users. Their browsers learn the reason. */
  endAllOf(
    unit: WritingUnitOfWork,
    userIds: readonly string[],
    reason: SessionEndReason,
  ): Promise<void> {
    return store.endSessionsOfUsers(unit, userIds, reason)
  }

  /** Removes expired sessions. */
  async sweep(): Promise<void> {
    const { now, unusedSince } = this.bounds()
    await this.database.write(unit => store.deleteEnded(unit, now, unusedSince))
  }

  private async requireOpenSession(unit: UnitOfWork, id: string): Promise<void> {
    if (!(await store.hasNotEnded(unit, id))) throw unauthenticated()
  }

  private validSessionsOf(userId: string): store.ValidSessions {
    return { userId, ...this.bounds() }
  }

  private bounds(): { now: Date; unusedSince: Date } {
    const now = new Date()
    return { now, unusedSince: new Date(now.getTime() - this.lifetimes.idleSeconds * 1000) }
  }

  // Does not record the typed login, because it may be a password in the wrong field.
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
