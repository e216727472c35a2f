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

/** For so long the same request gets the same answer. */
export const keptForMs = 24 * 60 * 60 * 1000

/**
 * How long a key stays claimed after the server at work was last heard of. Then another request
 * may take over, and the first one can no longer commit.
 */
export const claimLastsMs = 15 * 1000

/** How often the server at work renews a claim. */
export const renewClaimEveryMs = claimLastsMs / 3

// A server that was heard of since it had to renew the claim is at work, and done in a moment.
const heardOfMs = renewClaimEveryMs + 1000

/**
 * So often something else may be sent with a key; from then on it is good for nothing. Whoever
 * has a session and a key could otherwise try passwords here, by sending the request with
 * one after another, past all waits.
 */
export const mostMismatches = 5

/**
 * So many keys of one API token, and of someone's sessions together, are kept at once, which is
 * one every nine seconds: no token uses up what its owner or another one may keep.
 */
export const mostKeys = 10_000

/**
 * And so many of all API tokens of one user, who could otherwise fill the disk with answers. Their
 * sessions have their own share whatever the tokens do.
 */
const mostKeysOfTokens = 4 * mostKeys

/** The longest answer that is kept, compressed: some hundred times what a mutation answers. */
const mostAnswerBytes = 64 * 1024

/**
 * The waits before each try to find out about a COMMIT whose answer was lost. Whoever waits for
 * the answer waits for these too.
 */
const findOutAfterMs = [0, 250, 1_000, 2_000]

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** A request that is to be executed once. */
export interface KeyedRequest {
  readonly key: string
  /** What the request proves itself with. */
  readonly credential: string
  /** All of it that makes it this request, always in the same spelling. */
  readonly body: string
  /** Who sent it; null when the credential is good for nothing, or no longer. */
  readonly userId: string | null
  /** The API token it was sent with; null with a session. */
  readonly apiTokenId: string | null
  /** Where from. */
  readonly ip: string
}

/** An answer, as it is given again. */
export interface KeptAnswer {
  /** Of HTTP; left out, the usual one. */
  readonly status?: number | undefined
  /** Null when only the tokens were kept. */
  readonly body: FormattedExecutionResult | null
  /** What it sends as cookies. */
  readonly tokens: CookieTokens
}

/** What is to be done with a request. */
export type Begun =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** The same one is at work. */
  | { readonly kind: 'inUse'; readonly retryAfterSeconds: number }
  /** It was something else. */
  | { readonly kind: 'reused' }
  /** There is nobody for whom it could be executed or answered. */
  | { readonly kind: 'notSignedIn' }
  /** No more keys are kept for them, until one of theirs has ended. */
  | { readonly kind: 'tooManyKeys'; readonly most: number; readonly retryAfterSeconds: number }

type Found = Exclude<Begun, { kind: 'answered' }> | { kind: 'settled'; sealed: string | null }

/** An answer of which nothing was kept. */
const lostAnswer: KeptAnswer = { body: null, tokens: {} }

const sameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Executes a request once, however often it is sent: the first one claims its key in the
 * database, so that all instances know of it, and leaves its answer there for the others.
 *
 * A key belongs to the credential it came with, and all that is kept takes that credential to
 * be found, compared and opened: the database is worth nothing without it, not even with the
 * server's own key.
 */
export class IdempotencyService {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly sessions: SessionService,
    private readonly claims: ClaimKeeper,
  ) {}

  /** What is to be done with a request. Whoever gets a claim says what came of it. */
  async begin(request: KeyedRequest): Promise<Begun> {
    const { credential } = request
    const id = await this.secrets.sign(request.key, purposeOf('key', credential))
    const fingerprint = await this.secrets.sign(request.body, purposeOf('request', credential, id))
    const found = await this.database.write(unit => this.claim(unit, id, fingerprint, request))
    if (found.kind === 'claimed') this.claims.add(found.claim)
    if (found.kind !== 'settled') return found
    const { sealed } = found
    const answer = sealed === null ? lostAnswer : await this.unseal(id, credential, sealed)
    return (await this.mayHave(answer, request))
      ? { kind: 'answered', answer }
      : { kind: 'notSignedIn' }
  }

  /**
   * Writes down that work of the request was done, in the transaction that does it. If the answer
   * to its COMMIT is lost, the record is the witness.
   *
   * @param tokens the successor of the caller's credential; kept even if the answer is not.
   * @throws IDEMPOTENCY_KEY_IN_USE when another request has taken over.
   */
  async markDone(unit: WritingUnitOfWork, claim: Claim, tokens?: CookieTokens): Promise<void> {
    const workId = uuidv7()
    const sealed = tokens && (await this.seal(claim, { body: null, tokens }))
    if (!(await store.markDone(unit, claim, workId, sealed))) throw idempotencyKeyInUse(1)
    unit.witnessedBy(() => this.wasCommitted(claim.id, workId))
  }

  /**
   * The request was executed: a repeat gets this answer. If it can't be written down now, that is
   * tried again in the background.
   */
  async settle(claim: Claim, answer: KeptAnswer): Promise<void> {
    const sealed = await this.seal(claim, answer)
    await this.claims.end(claim, () =>
      this.database.write(unit => store.settleRecord(unit, claim, sealed, new Date())),
    )
  }

  /**
   * The request failed: a repeat is executed, unless work was done. If it can't be written down
   * now, that is tried again in the background.
   */
  async release(claim: Claim): Promise<void> {
    await this.claims.end(claim, () =>
      this.database.write(unit => store.releaseRecord(unit, claim, new Date())),
    )
  }

  /** Removes what is older than 24 hours. */
  async sweep(): Promise<void> {
    await this.database.write(unit => store.deleteExpired(unit, new Date()))
  }

  // Always a transaction that writes: of those that look and count one by one, none can compare
  // more often than it may.
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
        { kept: ofCredential, most: mostKeys },
        ...(apiTokenId === null ? [] : [{ kept: ofTokens, most: mostKeysOfTokens }]),
      ]
      for (const { kept, most } of shares) {
        if (kept.firstEnd === null || kept.count < most) continue
        const retryAfterSeconds = Math.ceil((kept.firstEnd.getTime() - now.getTime()) / 1000)
        return { kind: 'tooManyKeys', most, retryAfterSeconds }
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
    if (record.mismatches >= mostMismatches) return { kind: 'reused' }
    if (!sameText(record.fingerprint, fingerprint)) {
      await store.saveRecord(unit, { ...record, mismatches: record.mismatches + 1 })
      return { kind: 'reused' }
    }
    if (record.settledAt !== null) return { kind: 'settled', sealed: record.answer }
    const leftMs = record.claimedUntil.getTime() - now.getTime()
    if (leftMs > 0) {
      const isAtWork = leftMs > claimLastsMs - heardOfMs
      return { kind: 'inUse', retryAfterSeconds: isAtWork ? 1 : Math.ceil(leftMs / 1000) }
    }
    // Its server is gone. What it has done is done, and nobody has its answer any more.
    if (record.workId !== null) return { kind: 'settled', sealed: record.answer }
    if (userId === null) return { kind: 'notSignedIn' }
    await store.saveRecord(unit, { ...record, ...claimed })
    return { kind: 'claimed', claim }
  }

  /**
   * Whether someone may still have the answer. An ended session gets one answer alone: that to
   * the request which put a fresh token in its place, and only while the fresh one is good
   * here. So whoever was blocked, signed out from elsewhere or is at an address that is not
   * allowed gets nothing, as with any other request.
   */
  private async mayHave({ tokens }: KeptAnswer, { userId, ip }: KeyedRequest): Promise<boolean> {
    if (userId !== null) return true
    if (typeof tokens.session !== 'string') return false
    return (await this.sessions.find(tokens.session, ip)).caller !== null
  }

  /** Whether a transaction was committed; undefined if the database can't tell for a while. */
  private async wasCommitted(id: string, workId: string): Promise<boolean | undefined> {
    for (const pauseMs of findOutAfterMs) {
      await wait(pauseMs)
      try {
        const found = await this.database.write(unit => store.findWork(unit, id))
        return found === undefined ? undefined : found === workId
      } catch {
        // The database is away. The next try comes later.
      }
    }
    return undefined
  }

  private async seal({ id, credential }: Claim, answer: KeptAnswer): Promise<string> {
    const bytes = await compress(JSON.stringify(answer))
    const kept =
      bytes.length > mostAnswerBytes
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
