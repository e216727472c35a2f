import type { Limit } from '@rekey/shared/access'
import type { UserEntity } from './user.entity.js'

/** A user who does something: in a session, or by an API token of theirs. */
export interface Actor extends UserEntity, Limit {
  /** Names the session; null with an API token. */
  readonly sessionId: string | null
  /** Names the token; null in a session. */
  readonly apiTokenId: string | null
}

/** Someone in a session, where nothing of what they may do is kept back. */
export const inSession = (user: UserEntity, sessionId: string | null): Actor => ({
  ...user,
  limitedTo: null,
  sessionId,
  apiTokenId: null,
})
