import { And, type FindOperator, LessThan, MoreThan } from 'typeorm'
import type { Stretch } from '../graphql/keyset-page.js'

/** The conditions, order and limit of a stretch of a list in the order of its ids. */
export interface IdStretch {
  readonly ids: { id?: FindOperator<string> }
  readonly page: { readonly order: { readonly id: 'ASC' | 'DESC' }; readonly take: number }
}

/** A stretch of a list in the order of its ids, in the words of TypeORM's `find`. */
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
