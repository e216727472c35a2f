import { Field, ObjectType } from 'type-graphql'
import type { Page } from './keyset-page.js'

/** Describes what is before and after a page. */
@ObjectType({
  description:
    'Indicates whether there are items before and after a page (Relay Cursor Connections).',
})
export class PageInfo {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first item; null if the page is empty.',
  })
  startCursor: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last item; null if the page is empty.',
  })
  endCursor: string | null

  private readonly page: Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'>

  constructor(
    page: Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'>,
    startCursor: string | null,
    endCursor: string | null,
  ) {
    this.page = page
    this.startCursor = startCursor
    this.endCursor = endCursor
  }

  @Field(() => Boolean, { description: 'Whether there are items after this page.' })
  hasNextPage(): Promise<boolean> {
    return this.page.hasNextPage()
  }

  @Field(() => Boolean, { description: 'Whether there are items before this page.' })
  hasPreviousPage(): Promise<boolean> {
    return this.page.hasPreviousPage()
  }
}

/** The page info of a page that was read. */
export const pageInfoOf = <Row>(page: Page<Row>): PageInfo => {
  const first = page.rows[0]
  const last = page.rows.at(-1)
  return new PageInfo(
    page,
    first === undefined ? null : page.cursorOf(first),
    last === undefined ? null : page.cursorOf(last),
  )
}
