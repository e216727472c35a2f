import type { UnitOfWork } from '../database/unit-of-work.js'
import * as store from './session.store.js'

/** Knows whether a session lasts, for those who act in it. */
export class SessionVerifier {
  /** Whether nobody has ended a session, in this unit of work. */
  lastsIn(unit: UnitOfWork, id: string): Promise<boolean> {
    return store.hasNotEnded(unit, id)
  }
}
