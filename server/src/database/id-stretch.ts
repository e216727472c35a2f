import SQL, { type SqlStatement } from '@nearform/sql'
import type { Stretch } from '../graphql/keyset-page.js'

/**
 * The end of a query that reads a stretch of a list in the order of its ids; it follows the
 * conditions of its WHERE.
 *
 * @param column the ids, such as `webhooks.id`. Never anything that came with a request.
 */
export const idStretch = (
  column: string,
  { above, below, descending, limit }: Stretch<string>,
): SqlStatement => {
  const name = SQL.unsafe(column)
  const from = above === undefined ? SQL`` : SQL`AND ${name} > ${above}`
  const until = below === undefined ? SQL`` : SQL`AND ${name} < ${below}`
  const direction = SQL.unsafe(descending ? 'DESC' : 'ASC')
  return SQL`${from} ${until} ORDER BY ${name} ${direction} LIMIT ${limit}`
}
