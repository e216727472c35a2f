import { Field, ObjectType } from 'type-graphql'
import type { Page } from './keyset-page.js'

/** What lies before and after a page. */
@ObjectType({ description: 'What lies before and after a page (Relay Cursor Connections).' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Whether there is more before this page.' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Place of the first item; null when empty.' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Place of the last item; null when empty.' })
  endCursor!: string | null
}

/** What lies before and after a page that was read. */
export const pageInfoOf = <Row>(page: Page<Row>): PageInfo => {
  const first = page.rows[0]
  const last = page.rows.at(-1)
  return {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.hasPreviousPage,
    startCursor: first === undefined ? null : page.cursorOf(first),
    endCursor: last === undefined ? null : page.cursorOf(last),
  }
}
