import { uuidv7 } from 'uuidv7'
import { BackgroundJob, type FailureReport } from '../background/background-job.js'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { badInput } from '../graphql/api-error.js'
import type { RequestOrigin } from '../http/request-origin.js'
import type { MailService } from '../mail/mail.service.js'
import {
  type OneTimeLinkService,
  passwordResetSeconds,
} from '../one-time-links/one-time-link.service.js'
import type { OperationService } from '../operations/operation.service.js'
import type { ThrottleService } from '../throttle/throttle.service.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { loginKeyOf } from '../users/user-keys.js'
import type { PasswordResetRequestEntity } from './password-reset-request.entity.js'
import * as store from './password-reset-request.store.js'
import { resetPasswordMail } from './reset-password.mail.js'

/** What became of a request, as far as whoever made it is told. */
export type PasswordResetRequestResult =
  | { readonly kind: 'taken' }
  | { readonly kind: 'tooManyAttempts'; readonly retryAfterSeconds: number }

const longestLogin = 254

/**
 * Takes requests for a link that resets a forgotten password. A request does the same
 * whether its login is someone's or nobody's: it is counted and put down. Only a
 * background job looks whose it is, so neither the answer nor its time can tell
 * (OWASP Forgot Password Cheat Sheet; ASVS 5.0, 6.3.8).
 */
export class RequestPasswordResetService {
  private readonly job: BackgroundJob

  constructor(
    private readonly database: Database,
    private readonly users: UserService,
    private readonly operations: OperationService,
    private readonly links: OneTimeLinkService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly publicUrl: URL,
  ) {
    // Well after the answer: a request that follows at once must not wait for the work
    // that the one before it made, and tell by that.
    this.job = new BackgroundJob(() => this.handleAll(), { delayMs: 500, longestSleepMs: 15_000 })
  }

  /**
   * Puts a request down.
   *
   * @throws BAD_USER_INPUT when the login is longer than any can be.
   */
  async request(typed: string, origin: RequestOrigin): Promise<PasswordResetRequestResult> {
    const trimmed = typed.trim()
    if (trimmed.length > longestLogin) {
      throw badInput(`login takes at most ${longestLogin} characters.`)
    }
    const login = loginKeyOf(trimmed)
    return this.database.write(async (unit): Promise<PasswordResetRequestResult> => {
      const wait = await this.throttle.beginResetRequest(unit, { ip: origin.ip, login })
      if (wait === null) {
        await store.insertRequest(unit, {
          id: uuidv7(),
          login,
          requestedAt: new Date(),
          ...origin,
        })
        unit.afterCommit(() => this.job.wake())
        return { kind: 'taken' }
      }
      // Whose login it is, is not looked up here: that would take its time.
      if (wait.first) await this.record(unit, origin, null, 'TOO_MANY_ATTEMPTS')
      return { kind: 'tooManyAttempts', retryAfterSeconds: wait.retryAfterSeconds }
    })
  }

  /** Begins to look into requests, with what an earlier run left. */
  start(report: FailureReport): void {
    this.job.start(report)
  }

  /** Ends when the request that is being looked into is through. */
  stop(): Promise<void> {
    return this.job.stop()
  }

  /** Waits until no request is left. */
  idle(): Promise<void> {
    return this.job.idle()
  }

  private async handleAll(): Promise<number> {
    while (!this.job.isStopped) {
      // A look costs others nothing; taking one out is a transaction that writes.
      if (!(await this.database.read(unit => store.hasRequests(unit)))) break
      const more = await this.database.write(async unit => {
        const request = await store.takeOldest(unit)
        if (request !== null) await this.handle(unit, request)
        return request !== null
      })
      // The rest is in the hands of other instances.
      if (!more) break
    }
    return Number.POSITIVE_INFINITY
  }

  /** All of it in the transaction that takes the request out: it is done once, whatever happens. */
  private async handle(
    unit: WritingUnitOfWork,
    request: PasswordResetRequestEntity,
  ): Promise<void> {
    const user = await this.users.findByLoginIn(unit, request.login)
    if (user === null) return this.record(unit, request, null, 'UNKNOWN_LOGIN')
    // An invited user has no password to forget, a blocked one can't sign in with any.
    if (user.status !== 'ACTIVE') return this.record(unit, request, user, user.status)
    const token = await this.links.issue(unit, 'PASSWORD_RESET', user.id, passwordResetSeconds)
    const content = resetPasswordMail({
      firstName: user.firstName,
      requestedAt: request.requestedAt,
      ip: request.ip,
      userAgent: request.userAgent,
      // Never from the request: whoever asks could name a host of their own. In the
      // fragment: browsers don't send it, so no log ever holds it.
      url: `${this.publicUrl.origin}/reset-password#token=${token}`,
      minutes: passwordResetSeconds / 60,
    })
    await this.mail.send(unit, user.login, content)
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
        // Anyone can ask: who did is not known.
        actorId: null,
        subjectId: user?.id ?? null,
      },
    )
  }
}
