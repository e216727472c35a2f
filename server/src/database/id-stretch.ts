import { And, type FindOperator, LessThan, MoreThan } from 'typeorm'
import type { Stretch } from '../graphql/keyset-page.js'

/** The conditions, order and limit for a part of a list ordered by id. */
export interface IdStretch {
  readonly ids: { id?: FindOperator<string> }
  readonly page: { readonly order: { readonly id: 'ASC' | 'DESC' }; readonly take: number }
}

/** A part of a list ordered by id, as options of TypeORM's `find`. */
export const idStretch = ({ above, below, descending, limit }: Stretch<string>): IdStretch => {
  const bounds = [
    ...(above === undefined ? [] : [MoreThan(above)]),
    ...(below === undefined ? [] : [LessThan(below)]),
  ]
  return {
    ids: bounds.length === 0 ? {} : { id: And(...bounds) },
    page: { order: { id: descending ? 'DESC' : 'ASC' }, take: limit },
  }
}
