import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql'
import { InvalidField } from '../graphql/user-error.type.js'
import type { OperationCut } from '../operations/operation-cut.js'
import type { OperationRetention } from '../settings/operation-retention.js'

/** How long operations are kept, and which were deleted. */
@ObjectType('OperationRetention', {
  description: 'How long operations are kept, and which were deleted already.',
  simpleResolvers: true,
})
export class OperationRetentionType {
  @Field(() => Int, {
    nullable: true,
    description:
      'For how many days the server keeps operations, from 30 to 3650. Once a day it deletes those that are older. Null if it keeps all.',
  })
  keepDays: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the last operation that was deleted, together with all before it. Null if none was.',
  })
  deletedUpTo: number | null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When operations were deleted last; null if none were.',
  })
  deletedAt: Date | null

  constructor({ keepDays }: OperationRetention, cut: OperationCut | null) {
    this.keepDays = keepDays
    this.deletedUpTo = cut?.number ?? null
    this.deletedAt = cut?.at ?? null
  }
}

/** Changes how long operations are kept. */
@InputType({ description: 'How long to keep operations.' })
export class UpdateOperationRetentionInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'From 30 to 3650. Null, or left out, to keep all operations. See OperationRetention.keepDays.',
  })
  keepDays?: number | null
}

const UpdateOperationRetentionError = createUnionType({
  name: 'UpdateOperationRetentionError',
  description: 'Why the setting was not changed.',
  types: () => [InvalidField] as const,
})

/** The result of a change. */
@ObjectType({ description: 'The result of a change of how long operations are kept.' })
export class UpdateOperationRetentionPayload {
  @Field(() => OperationRetentionType, {
    nullable: true,
    description: 'The setting after the change; null if it was not changed.',
  })
  retention: OperationRetentionType | null = null

  @Field(() => [UpdateOperationRetentionError], {
    description: 'Empty if the setting was changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateOperationRetentionError)[] = []
}
