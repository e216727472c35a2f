import { timingSafeEqual } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import type { FormattedExecutionResult } from 'graphql'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../database/database.js'
import type { WritingUnitOfWork } from '../database/unit-of-work.js'
import { idempotencyKeyInUse } from '../graphql/api-error.js'
import type { CookieTokens } from '../http/answer-cookies.js'
import type { SecretBox } from '../secrets/secret-box.service.js'
import type { SecretPurpose } from '../secrets/secret-purpose.js'
import type { SessionService } from '../sessions/session.service.js'
import type { Claim, ClaimKeeper } from './claim-keeper.js'
import * as store from './idempotency-record.store.js'

/** How long the same request gets the same answer, in milliseconds. */
export const keptForMs = 24 * 60 * 60 * 1000

/**
 * How long a claim lasts after its server last renewed it, in milliseconds. Then another request
 * may take over, and the first one can no longer commit.
 */
export const claimLastsMs = 15 * 1000

/** How often the executing server renews a claim, in milliseconds. */
export const renewClaimEveryMs = claimLastsMs / 3

// If the claim was renewed this recently, its server is still running and will answer soon.
const renewedRecentlyMs = renewClaimEveryMs + 1000

/**
 * How many different requests may be sent with one key before the key becomes invalid. Otherwise an
 * attacker with a session and a key could test passwords without any waiting time, by sending the
 * same request with one password after another.
 */
export const maxMismatches = 5

/**
 * How many keys are stored for one API token, and for all sessions of a user together. That is one
 * key every nine seconds. No token can use up the share of its owner or of another token.
 */
export const maxKeys = 10_000

/**
 * How many keys are stored for all API tokens of one user, who could otherwise fill the disk with
 * answers. The user's sessions have a separate share.
 */
const maxKeysOfTokens = 4 * maxKeys

/** The longest compressed answer that is stored: about a hundred times a usual answer. */
const maxAnswerBytes = 64 * 1024

/**
 * The waits before each attempt to find out whether a COMMIT without an answer succeeded. The
 * caller waits for these too.
 */
const findOutAfterMs = [0, 250, 1_000, 2_000]

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** A request to execute once. */
export interface KeyedRequest {
  readonly key: string
  /** The session token or API token of the request. */
  readonly credential: string
  /** Everything that identifies the request, always serialized in the same way. */
  readonly body: string
  /** The user who sent the request; null if the credential is invalid or expired. */
  readonly userId: string | null
  /** The API token that sent the request; null for a session. */
  readonly apiTokenId: string | null
  /** The address the request came from. */
  readonly ip: string
}

/** An answer that can be sent again. */
export interface KeptAnswer {
  /** The HTTP status. Defaults to the usual one. */
  readonly status?: number | undefined
  /** Null if only the tokens were stored. */
  readonly body: FormattedExecutionResult | null
  /** The tokens that the answer sends as cookies. */
  readonly tokens: CookieTokens
}

/** What to do with a request. */
export type Begun =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The same request is still running. */
  | { readonly kind: 'inUse'; readonly retryAfterSeconds: number }
  /** The key was used for a different request. */
  | { readonly kind: 'reused' }
  /** The caller is not signed in. */
  | { readonly kind: 'notSignedIn' }
  /** The caller has reached the limit, until one of their keys expires. */
  | { readonly kind: 'tooManyKeys'; readonly limit: number; readonly retryAfterSeconds: number }

type Found = Exclude<Begun, { kind: 'answered' }> | { kind: 'settled'; sealed: string | null }

/** The answer if nothing of it was stored. */
const lostAnswer: KeptAnswer = { body: null, tokens: {} }

const sameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Executes a request once, however often it is sent. The first request claims its key in the
 * database, where all instances see it, and stores its answer there for the repeats.
 *
 * A key belongs to the credential it came with. To find, compare or decrypt a record, one needs
 * that credential. So a stolen database is useless without it, even with the server's own key.
 */
export class IdempotencyService {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly sessions: SessionService,
    private readonly claims: ClaimKeeper,
  ) {}

  /** Decides what to do with a request. A caller that gets a claim must settle or release it. */
  async begin(request: KeyedRequest): Promise<Begun> {
    const { credential } = request
    const id = await this.secrets.sign(request.key, purposeOf('key', credential))
    const fingerprint = await this.secrets.sign(request.body, purposeOf('request', credential, id))
    const found = await this.database.write(unit => this.claim(unit, id, fingerprint, request))
    if (found.kind === 'claimed') this.claims.add(found.claim)
    if (found.kind !== 'settled') return found
    const { sealed } = found
    const answer = sealed === null ? lostAnswer : await this.unseal(id, credential, sealed)
    return (await this.mayGetAnswer(answer, request))
      ? { kind: 'answered', answer }
      : { kind: 'notSignedIn' }
  }

  /**
   * Records that work of the request was done, in the transaction that does it. If the answer to
   * its COMMIT is lost, the record shows whether the transaction was committed.
   *
   * @param tokens the new tokens that replace the caller's credential. They are stored even if the
   * answer is not.
   * @throws IDEMPOTENCY_KEY_IN_USE if another request has taken over.
   */
  async markDone(unit: WritingUnitOfWork, claim: Claim, tokens?: CookieTokens): Promise<void> {
    const workId = uuidv7()
    const sealed = tokens && (await this.seal(claim, { body: null, tokens }))
    if (!(await store.markDone(unit, claim, workId, sealed))) throw idempotencyKeyInUse(1)
    unit.witnessedBy(() => this.wasCommitted(claim.id, workId))
  }

  /**
   * Stores the answer of an executed request for its repeats. If the database is unavailable, a
   * background job retries.
   */
  async settle(claim: Claim, answer: KeptAnswer): Promise<void> {
    const sealed = await this.seal(claim, answer)
    await this.claims.end(claim, () =>
      this.database.write(unit => store.settleRecord(unit, claim, sealed, new Date())),
    )
  }

  /**
   * Allows a repeat of a failed request to be executed, unless work was done. If the database is
   * unavailable, a background job retries.
   */
  async release(claim: Claim): Promise<void> {
    await this.claims.end(claim, () =>
      this.database.write(unit => store.releaseRecord(unit, claim, new Date())),
    )
  }

  /** Deletes records older than 24 hours. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
  }

  // This is always a writing transaction. Writing transactions run one after another, so parallel
  // requests cannot compare more often than the limit allows.
  private async claim(
    unit: WritingUnitOfWork,
    id: string,
    fingerprint: string,
    { userId, apiTokenId, credential }: KeyedRequest,
  ): Promise<Found> {
    const now = new Date()
    const claimed = { claimId: uuidv7(), claimedUntil: new Date(now.getTime() + claimLastsMs) }
    const claim = { id, claimId: claimed.claimId, credential }
    const record = await store.findRecord(unit, id, now)
    if (record === null) {
      if (userId === null) return { kind: 'notSignedIn' }
      const owner = { userId, apiTokenId }
      const { ofTokens, ofCredential } = await store.countKept(unit, owner, now)
      const shares = [
        { kept: ofCredential, limit: maxKeys },
        ...(apiTokenId === null ? [] : [{ kept: ofTokens, limit: maxKeysOfTokens }]),
      ]
      for (const { kept, limit } of shares) {
        if (kept.firstEnd === null || kept.count < limit) continue
        const retryAfterSeconds = Math.ceil((kept.firstEnd.getTime() - now.getTime()) / 1000)
        return { kind: 'tooManyKeys', limit, retryAfterSeconds }
      }
      const expiresAt = new Date(now.getTime() + keptForMs)
      const ofAnswer = { workId: null, settledAt: null, answer: null, mismatches: 0 }
      await store.saveRecord(unit, {
        id,
        ...owner,
        fingerprint,
        ...claimed,
        ...ofAnswer,
        expiresAt,
      })
      return { kind: 'claimed', claim }
    }
    if (record.mismatches >= maxMismatches) return { kind: 'reused' }
    if (!sameText(record.fingerprint, fingerprint)) {
      await store.saveRecord(unit, { ...record, mismatches: record.mismatches + 1 })
      return { kind: 'reused' }
    }
    if (record.settledAt !== null) return { kind: 'settled', sealed: record.answer }
    const leftMs = record.claimedUntil.getTime() - now.getTime()
    if (leftMs > 0) {
      const isAtWork = leftMs > claimLastsMs - renewedRecentlyMs
      return { kind: 'inUse', retryAfterSeconds: isAtWork ? 1 : Math.ceil(leftMs / 1000) }
    }
    // The server that executed the request has stopped. Its work is saved, but its answer is lost.
    if (record.workId !== null) return { kind: 'settled', sealed: record.answer }
    if (userId === null) return { kind: 'notSignedIn' }
    await store.saveRecord(unit, { ...record, ...claimed })
    return { kind: 'claimed', claim }
  }

  /**
   * Whether the caller may still get the answer. An ended session may get only one answer: that of
   * the request which replaced its token, and only while the new token is valid for this address. A
   * user who was blocked, whose session was ended elsewhere, or whose address is not allowed gets
   * nothing, as with any other request.
   */
  private async mayGetAnswer(
    { tokens }: KeptAnswer,
    { userId, ip }: KeyedRequest,
  ): Promise<boolean> {
    if (userId !== null) return true
    if (typeof tokens.session !== 'string') return false
    return (await this.sessions.find(tokens.session, ip)).caller !== null
  }

  /** Whether a transaction was committed; undefined if the database stays unavailable. */
  private async wasCommitted(id: string, workId: string): Promise<boolean | undefined> {
    for (const pauseMs of findOutAfterMs) {
      await wait(pauseMs)
      try {
        const found = await this.database.write(unit => store.findWork(unit, id))
        return found === undefined ? undefined : found === workId
      } catch {
        // The database is unavailable. Try again after the next pause.
      }
    }
    return undefined
  }

  private async seal({ id, credential }: Claim, answer: KeptAnswer): Promise<string> {
    const bytes = await compress(JSON.stringify(answer))
    const kept =
      bytes.length > maxAnswerBytes
        ? await compress(JSON.stringify({ ...answer, body: null }))
        : bytes
    return this.secrets.seal(kept.toString('base64'), purposeOf('answer', credential, id))
  }

  private async unseal(id: string, credential: string, sealed: string): Promise<KeptAnswer> {
    const text = await this.secrets.unseal(sealed, purposeOf('answer', credential, id))
    return JSON.parse(String(await decompress(Buffer.from(text, 'base64'))))
  }
}

const purposeOf = (
  what: 'key' | 'request' | 'answer',
  credential: string,
  owner = '',
): SecretPurpose => ({ purpose: `idempotency ${what}`, owner, credential })
