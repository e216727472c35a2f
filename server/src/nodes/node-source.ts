import type { Permission } from '@rekey/shared/access'
import type { ClassType } from 'type-graphql'
import type { Context } from '../graphql/context.js'
import type { Caller } from '../users/caller.js'
import type { Node } from './node.type.js'

/** How a feature finds the nodes of one of its types. A module lists its sources as `nodes`. */
export interface NodeSource {
  /** The class of the type, which implements {@link Node}. */
  readonly type: ClassType<Node>
  /** Without this permission, the caller finds no nodes of the type. */
  readonly permission?: Permission
  /** Whether API tokens find no nodes of the type. */
  readonly sessionOnly?: true
  /**
   * Finds, with one query, the nodes with these ids that the other queries would return to the
   * caller too. The order does not matter. It leaves out all other ids and does not throw: an
   * error would reveal that the node exists.
   */
  find(ids: readonly string[], caller: Caller, context: Context): Promise<readonly Node[]>
}
