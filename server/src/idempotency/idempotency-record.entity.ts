import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** A row of `idempotency_records`: the state of a request that was sent with an Idempotency-Key. */
@Entity('idempotency_records')
export class IdempotencyRecordEntity {
  /**
   * A keyed hash (HMAC-SHA-256) of the Idempotency-Key. It depends on the caller's credential and
   * on a key that is not in the database. The Idempotency-Key itself is not stored.
   */
  @PrimaryColumn('varchar')
  id!: string

  /** The user who sent the request. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** The API token that sent the request; null for a session. */
  @Column('varchar', { name: 'api_token_id', nullable: true })
  apiTokenId!: string | null

  /**
   * A keyed hash of the request, for the same reason: passwords could be guessed from a plain hash.
   */
  @Column('varchar')
  fingerprint!: string

  /** How often a different request was sent with the same key. */
  @Column('integer')
  mismatches!: number

  /**
   * Identifies the running request, so that a slow request cannot record an outcome for its
   * successor.
   */
  @Column('varchar', { name: 'claim_id' })
  claimId!: string

  /**
   * Until this time, no other request may take over. The server that executes the request renews
   * it.
   */
  @Column('bigint', { name: 'claimed_until', transformer: instant })
  claimedUntil!: Date

  /**
   * The last transaction that saved work of this request, written in that same transaction; null
   * while nothing was saved. Once it is set, the request is never executed again.
   */
  @Column('varchar', { name: 'work_id', nullable: true })
  workId!: string | null

  /** When the request ended; null while it is running, and for good if the server crashed. */
  @Column('bigint', { name: 'settled_at', nullable: true, transformer: optionalInstant })
  settledAt!: Date | null

  /**
   * The answer, encrypted for the caller's credential; null until then. If the answer was lost or
   * too long, it contains only the tokens of its cookies.
   */
  @Column('varchar', { nullable: true })
  answer!: string | null

  /** After this time the record no longer counts, and the key can be used for a new request. */
  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
