import { ArgsType, Field, Int } from 'type-graphql'
import type { PageArguments } from './keyset-page.js'
import { MaxLength } from './max-length.js'

// A cursor contains a sort key: 100 characters become up to 14,000 when folded and base64-encoded.
const cursorMaxLength = 20_000

/** Arguments of every paged list. */
@ArgsType()
export abstract class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'The number of items from the start, 0 to 100. Defaults to 25 if last is omitted too.',
  })
  first?: number | null

  @MaxLength(cursorMaxLength)
  @Field(() => String, { nullable: true, description: 'Returns only items after this cursor.' })
  after?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'The number of items from the end, 0 to 100. Cannot be combined with first.',
  })
  last?: number | null

  @MaxLength(cursorMaxLength)
  @Field(() => String, { nullable: true, description: 'Returns only items before this cursor.' })
  before?: string | null
}

/** The arguments as services expect them: null becomes undefined. */
export const pageArgumentsOf = ({ first, after, last, before }: PageArgs): PageArguments => ({
  first: first ?? undefined,
  after: after ?? undefined,
  last: last ?? undefined,
  before: before ?? undefined,
})
