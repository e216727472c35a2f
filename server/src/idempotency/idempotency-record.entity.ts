import { Column, Entity, PrimaryColumn } from 'typeorm'
import { instant, optionalInstant } from '../database/columns.js'

/** A row of `idempotency_records`: what became of a request that came with an Idempotency-Key. */
@Entity('idempotency_records')
export class IdempotencyRecordEntity {
  /**
   * A keyed hash (HMAC-SHA-256) of the Idempotency-Key, under the caller's credential and a key
   * that is not in the database. The Idempotency-Key itself is nowhere.
   */
  @PrimaryColumn('varchar')
  id!: string

  /** Who sent it. */
  @Column('varchar', { name: 'user_id' })
  userId!: string

  /** The API token it was sent with; null with a session. */
  @Column('varchar', { name: 'api_token_id', nullable: true })
  apiTokenId!: string | null

  /** A keyed hash, likewise, of what was sent: a plain one would let passwords be guessed from it. */
  @Column('varchar')
  fingerprint!: string

  /** How often something else was sent with the same key. */
  @Column('integer')
  mismatches!: number

  /** Names the request that is executed, so that one which took too long can't speak for the next. */
  @Column('varchar', { name: 'claim_id' })
  claimId!: string

  /** Until then nobody else executes it. The server at work renews it. */
  @Column('bigint', { name: 'claimed_until', transformer: instant })
  claimedUntil!: Date

  /**
   * Names the last transaction that did work of this request, and is written in it; null while
   * nothing is done. The request is never executed again once it is set.
   */
  @Column('varchar', { name: 'work_id', nullable: true })
  workId!: string | null

  /** When it came to its end; null while it is at work, or for good after a crash. */
  @Column('bigint', { name: 'settled_at', nullable: true, transformer: optionalInstant })
  settledAt!: Date | null

  /**
   * The answer, sealed for the caller's credential; null until then. If the answer was lost or
   * too long, only the tokens of its cookies.
   */
  @Column('varchar', { nullable: true })
  answer!: string | null

  /** From then on the key is as good as never used. */
  @Column('bigint', { name: 'expires_at', transformer: instant })
  expiresAt!: Date
}
