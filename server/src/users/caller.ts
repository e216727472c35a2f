import type { Limit } from '@rekey/shared/access'
import type { UnitOfWork } from '../database/unit-of-work.js'
import type { SessionEndReason } from '../sessions/session.entity.js'
import type { UserEntity } from './user.entity.js'

/** A user who calls, in a session or with an API token of theirs. */
export interface Caller extends UserEntity, Limit {
  /** The session of the call; null with an API token. */
  readonly session: { readonly id: string; readonly provedAt: Date } | null
  /** The API token of the call; null in a session. */
  readonly apiToken: { readonly id: string; readonly prefix: string } | null
  /** Whether the user must enrol a second factor before anything else. */
  readonly mustEnrolSecondFactor: boolean
  /**
   * Checks in a unit of work that the session or the API token is still valid.
   *
   * @throws UNAUTHENTICATED when it has ended, expired or was revoked.
   */
  requireValidCredential(unit: UnitOfWork): Promise<void>
}

/** A caller in a session, for actions that an API token cannot perform. */
export interface SessionCaller extends Caller {
  readonly session: NonNullable<Caller['session']>
}

/** What the credential of a request proves. */
export interface Authentication {
  /** The caller; null when the request proves no identity. */
  readonly caller: Caller | null
  /** The API token the request brought, otherwise its session token; valid or not. */
  readonly credential: string | undefined
  /** The session token the request brought, valid or not. */
  readonly sessionToken: string | undefined
  /** Why the session has ended, where that is known. */
  readonly sessionEndReason: SessionEndReason | null
}
