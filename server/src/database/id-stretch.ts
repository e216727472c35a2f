import SQL, { raw, type Sql } from 'sql-template-tag'
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
): Sql => {
  const name = raw(column)
  const from = above === undefined ? SQL`` : SQL`AND ${name} > ${above}`
  const until = below === undefined ? SQL`` : SQL`AND ${name} < ${below}`
  const direction = raw(descending ? 'DESC' : 'ASC')
  return SQL`${from} ${until} ORDER BY ${name} ${direction} LIMIT ${limit}`
}
