import { Field, ObjectType } from 'type-graphql'
import type { Page } from './keyset-page.js'

/** What lies before and after a page. */
@ObjectType({ description: 'What lies before and after a page (Relay Cursor Connections).' })
export class PageInfo {
  @Field(() => String, { nullable: true, description: 'Place of the first item; null when empty.' })
  startCursor: string | null

  @Field(() => String, { nullable: true, description: 'Place of the last item; null when empty.' })
  endCursor: string | null

  private readonly page: Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'>

  constructor(
    page: Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'>,
    cursors: readonly string[],
  ) {
    this.page = page
    this.startCursor = cursors[0] ?? null
    this.endCursor = cursors.at(-1) ?? null
  }

  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage(): Promise<boolean> {
    return this.page.hasNextPage()
  }

  @Field(() => Boolean, { description: 'Whether there is more before this page.' })
  hasPreviousPage(): Promise<boolean> {
    return this.page.hasPreviousPage()
  }
}
