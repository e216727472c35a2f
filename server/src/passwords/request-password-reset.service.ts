import { loginKeyOf, spelledKeyOf } from '@rekey/shared/login'
import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import type { RequestOrigin } from '../http/request-origin.js'
import {
  type OneTimeLinkService,
  passwordResetSeconds,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import { loginDoubtOf } from '../users/login-doubt.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import type { PasswordMailService } from './password-mail.service.js'
import type { PasswordResetRequestEntity } from './password-reset-request.entity.js'
import * as store from './password-reset-request.store.js'

/** The result of a request, as far as the caller may know it. */
export type PasswordResetRequestResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

/**
 * Accepts requests for a link that resets a forgotten password. The request does the same work
 * whether its login exists or not: it is counted and stored. Only a background job looks up the
 * user, so neither the answer nor its time reveals whether the login exists (OWASP Forgot
 * Password Cheat Sheet; ASVS 5.0, 6.3.8).
 */
export class RequestPasswordResetService {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly throttle: ThrottleService,
    private readonly mails: PasswordMailService,
  ) {
    // Well after the answer. Otherwise the next request would wait for this work, and its time
    // would reveal whether the login exists.
    this.job = new BackgroundJob(() => this.handleAll(), { delayMs: 500, maxSleepMs: 15_000 })
  }

  /** Stores a request. */
  async requestPasswordReset(
    typed: string,
    origin: RequestOrigin,
  ): Promise<PasswordResetRequestResult> {
    const login = loginKeyOf(typed)
    return this.database.write(async (unit): Promise<PasswordResetRequestResult> => {
      const wait = await this.throttle.beginResetRequest(unit, { ip: origin.ip, login })
      if (wait === null) {
        await store.insertRequest(unit, {
          id: uuidv7(),
          // If two users share a mailbox, the spelling identifies the user.
          login: spelledKeyOf(typed),
          requestedAt: new Date(),
          ...origin,
        })
        unit.afterCommit(() => this.job.wake())
        return { kind: 'accepted' }
      }
      // Records no user: the look-up would take time that reveals whether the login exists.
      if (wait.first) await this.record(unit, origin, null, 'TOO_MANY_ATTEMPTS')
      return { kind: 'tooManyAttempts', retryAfterSeconds: wait.retryAfterSeconds }
    })
  }

  /** Starts to handle requests, first those that an earlier run left. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Stops after the request that is being handled. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Waits until no request is left. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  private async handleAll(): Promise<number> {
    while (!this.job.isStopped) {
      // Checked by a read, because removing a request requires a transaction that blocks others.
      if (!(await this.database.read(unit => store.hasRequests(unit)))) break
      const more = await this.database.write(async unit => {
        const request = await store.takeOldest(unit)
        if (request !== null) await this.handle(unit, request)
        return request !== null
      })
      // Other instances handle the rest.
      if (!more) break
    }
    return Number.POSITIVE_INFINITY
  }

  /** Runs in the transaction that removes the request, so each request is handled exactly once. */
  private async handle(
    unit: WritingUnitOfWork,
    request: PasswordResetRequestEntity,
  ): Promise<void> {
    const user = await this.users.findByLoginIn(unit, request.login)
    if (user === null) return this.record(unit, request, null, 'UNKNOWN_LOGIN')
    // An invited user has no password to forget. A blocked user cannot sign in with any.
    if (user.status !== 'ACTIVE') return this.record(unit, request, user, user.status)
    // An administrator secured the account, and the login may be the attacker's.
    const doubt = user.passwordHash === null ? loginDoubtOf(user) : null
    if (doubt !== null) return this.record(unit, request, user, doubt)
    const link = await this.links.issue(unit, 'PASSWORD_RESET', user.id, passwordResetSeconds, true)
    await this.mails.sendResetLink(unit, user, link, request)
    await this.record(unit, request, user, null)
  }

  private record(
    unit: WritingUnitOfWork,
    { ip, userAgent, requestId }: RequestOrigin,
    user: UserEntity | null,
    reason: string | null,
  ): Promise<void> {
    return this.operations.record(
      unit,
      { ip, userAgent, requestId },
      {
        action: 'REQUEST_PASSWORD_RESET',
        outcome: reason === null ? 'DONE' : 'REFUSED',
        ...(reason === null ? {} : { reason }),
        // Anyone can send a request, so the actor is unknown.
        actorId: null,
        subjectId: user?.id ?? null,
      },
    )
  }
}
