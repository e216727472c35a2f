import { ArgsType, Field, Int } from 'type-graphql'
import type { PageArguments } from './keyset-page.js'
import { MaxLength } from './max-length.js'

// A cursor holds a sorted name: 100 characters become up to 14,000, folded and in base64.
const cursorMaxLength = 20_000

/** Arguments of every list that is read a page at a time. */
@ArgsType()
export abstract class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many to give from the start, 0 to 100; 25 when neither first nor last is given.',
  })
  first?: number | null

  @MaxLength(cursorMaxLength)
  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'How many to give from the end, 0 to 100. Not together with first.',
  })
  last?: number | null

  @MaxLength(cursorMaxLength)
  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null
}

/** The arguments as services take them: what is null is as if it were left out. */
export const pageArgumentsOf = ({ first, after, last, before }: PageArgs): PageArguments => ({
  first: first ?? undefined,
  after: after ?? undefined,
  last: last ?? undefined,
  before: before ?? undefined,
})
