import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import { User } from '../users/user.type.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import type { AnswerMethod } from './second-factor-verifier.js'

/** A second factor as the API shows it: nothing of its secret. */
@ObjectType({ description: 'A second factor that someone has enrolled.' })
export class SecondFactor {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => SecondFactorMethodEnum, { description: 'What it is; never RECOVERY_CODE.' })
  method: AnswerMethod

  @Field(() => String, {
    nullable: true,
    description: 'What its owner calls it; null to anyone but them.',
  })
  name: string | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it was enrolled.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When it last signed its owner in, or proved who they are; null when never.',
  })
  lastUsedAt: Date | null

  constructor(entity: SecondFactorEntity, own: boolean) {
    this.id = entity.id
    this.method = entity.method
    this.name = own ? entity.name : null
    this.createdAt = entity.createdAt
    this.lastUsedAt = entity.lastUsedAt
  }
}

/** The second factor is wrong. */
@ObjectType({
  implements: UserError,
  description: 'The second factor is wrong, was used already, or is missing.',
})
export class SecondFactorIncorrect extends UserError {
  constructor(path: string[]) {
    super(
      path.includes('code')
        ? 'This code is wrong or was used already.'
        : 'This passkey was not accepted.',
      path,
    )
  }
}

/** There is no such second factor. */
@ObjectType({
  implements: UserError,
  description: 'The caller has no such second factor, or no longer.',
})
export class SecondFactorNotFound extends UserError {
  constructor(path: string[]) {
    super('There is no such second factor.', path)
  }
}

/** The last one has to stay. */
@ObjectType({
  implements: UserError,
  description: 'The account requires a second factor, and this is the last one that counts.',
})
export class SecondFactorRequired extends UserError {
  constructor() {
    super('A second factor is required. Add another one before you remove this one.', ['id'])
  }
}

/** Another name for a second factor. */
@InputType({ description: 'Another name for a second factor.' })
export class RenameSecondFactorInput {
  @Field(() => ID, { description: 'One of the caller’s own.' })
  id!: string

  @MaxLength(1_000)
  @Field(() => String, { description: '1 to 60 characters.' })
  name!: string
}

const RenameSecondFactorError = createUnionType({
  name: 'RenameSecondFactorError',
  description: 'Why a second factor keeps its name.',
  types: () => [SecondFactorNotFound, InvalidField] as const,
})

/** The outcome of renaming. */
@ObjectType({ description: 'The outcome of giving a second factor another name.' })
export class RenameSecondFactorPayload {
  @Field(() => SecondFactor, {
    nullable: true,
    description: 'The second factor as it is now; null when it was not renamed.',
  })
  factor: SecondFactor | null = null

  @Field(() => [RenameSecondFactorError], { description: 'Empty when it was renamed.' })
  errors: (typeof RenameSecondFactorError)[] = []
}

/** Which second factor is to be removed. */
@InputType({ description: 'Which second factor to remove.' })
export class RemoveSecondFactorInput {
  @Field(() => ID, { description: 'One of the caller’s own.' })
  id!: string
}

const RemoveSecondFactorError = createUnionType({
  name: 'RemoveSecondFactorError',
  description: 'Why a second factor was not removed.',
  types: () => [SecondFactorNotFound, SecondFactorRequired] as const,
})

/** The outcome of removing. */
@ObjectType({ description: 'The outcome of removing a second factor.' })
export class RemoveSecondFactorPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id it had; null when it was not removed.',
  })
  removedId: string | null = null

  @Field(() => User, {
    nullable: true,
    description: 'Whose it was, as they are now; null when it was not removed.',
  })
  user: User | null = null

  @Field(() => [RemoveSecondFactorError], { description: 'Empty when it was removed.' })
  errors: (typeof RemoveSecondFactorError)[] = []
}

const RegenerateRecoveryCodesError = createUnionType({
  name: 'RegenerateRecoveryCodesError',
  description: 'Why there are no new recovery codes.',
  types: () => [SecondFactorNotFound] as const,
})

/** Fresh recovery codes. */
@ObjectType({ description: 'Fresh recovery codes in place of the old ones.' })
export class RegenerateRecoveryCodesPayload {
  @Field(() => [String], {
    nullable: true,
    description: 'Ten codes that work once each. They are told here and never again.',
  })
  codes: readonly string[] | null = null

  @Field(() => [RegenerateRecoveryCodesError], {
    description: 'Empty unless the caller has no second factor, whose loss they would be for.',
  })
  errors: (typeof RegenerateRecoveryCodesError)[] = []
}

/** Whose second factors are to be reset. */
@InputType({ description: 'Whose second factors to reset.' })
export class ResetSecondFactorInput {
  @Field(() => ID, { description: 'Someone other than the caller.' })
  userId!: string
}

const ResetSecondFactorError = createUnionType({
  name: 'ResetSecondFactorError',
  description: 'Why nothing was reset.',
  types: () => [UserNotFound, AccessDenied] as const,
})

/** The outcome of a reset. */
@ObjectType({ description: 'The outcome of resetting someone’s second factors.' })
export class ResetSecondFactorPayload {
  @Field(() => User, { nullable: true, description: 'The user; null when nothing was reset.' })
  user: User | null = null

  @Field(() => [ResetSecondFactorError], { description: 'Empty when they were reset.' })
  errors: (typeof ResetSecondFactorError)[] = []
}
