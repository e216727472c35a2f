import { Field, ObjectType } from 'type-graphql'

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
