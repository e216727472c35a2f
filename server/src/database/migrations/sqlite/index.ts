import { FirstTables1764000000000 } from './1764000000000-first-tables.js'
import { OperationChain1764100000000 } from './1764100000000-operation-chain.js'
import { Consequences1764100001000 } from './1764100001000-consequences.js'

/** Every migration, oldest first. Appended to, never edited. */
export const migrations = [
  FirstTables1764000000000,
  OperationChain1764100000000,
  Consequences1764100001000,
]
