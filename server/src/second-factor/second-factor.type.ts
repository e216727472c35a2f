import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql'
import { AccessDenied } from '../access/access-denied.type.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { SecondFactorMethodEnum } from '../settings/second-factor-method.type.js'
import { User } from '../users/user.type.js'
import type { SecondFactorEntity } from './second-factor.entity.js'
import type { AnswerMethod } from './second-factor-verifier.js'

/** A second factor as the API shows it, without its secret. */
@ObjectType({ description: 'A second factor that a user has enrolled.' })
export class SecondFactor {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => SecondFactorMethodEnum, { description: 'The method; never RECOVERY_CODE.' })
  method: AnswerMethod

  @Field(() => String, {
    nullable: true,
    description:
      'The name that its owner chose. Its owner sees it, and callers who may act on the owner with users.manage; otherwise null.',
  })
  name: string | null

  @Field(() => GraphQLDateTimeISO, { description: 'When it was enrolled.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When its owner last used it to sign in or to confirm their identity; null if never.',
  })
  lastUsedAt: Date | null

  /** @param named whether the caller may see the name. */
  constructor(entity: SecondFactorEntity, named: boolean) {
    this.id = entity.id
    this.method = entity.method
    this.name = named ? entity.name : null
    this.createdAt = entity.createdAt
    this.lastUsedAt = entity.lastUsedAt
  }
}

/** The second factor is wrong. */
@ObjectType({
  implements: UserError,
  description: 'The second factor is wrong, was already used, or is missing.',
})
export class SecondFactorIncorrect extends UserError {
  constructor(path: string[]) {
    super(
      text(
        path.includes('code')
          ? 'second-factor.error.codeIncorrect'
          : 'second-factor.error.passkeyIncorrect',
      ),
      path,
    )
  }
}

/** The second factor does not exist. */
@ObjectType({
  implements: UserError,
  description: 'The caller does not have this second factor, or no longer has it.',
})
export class SecondFactorNotFound extends UserError {
  constructor(path: string[]) {
    super(text('second-factor.error.secondFactorNotFound'), path)
  }
}

/** The last second factor cannot be removed. */
@ObjectType({
  implements: UserError,
  description: 'The account requires a second factor, and this is the last one that counts.',
})
export class SecondFactorRequired extends UserError {
  constructor() {
    super(text('second-factor.error.secondFactorRequired'), ['id'])
  }
}

/** A second factor and its new name. */
@InputType({ description: 'A second factor and its new name.' })
export class RenameSecondFactorInput {
  @Field(() => ID, { description: 'The id of one of the caller’s own second factors.' })
  id!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'The new name, 1 to 60 characters.' })
  name!: string
}

const RenameSecondFactorError = createUnionType({
  name: 'RenameSecondFactorError',
  description: 'Why a second factor was not renamed.',
  types: () => [SecondFactorNotFound, InvalidField] as const,
})

/** The outcome of renaming. */
@ObjectType({ description: 'The outcome of renaming a second factor.' })
export class RenameSecondFactorPayload {
  @Field(() => SecondFactor, {
    nullable: true,
    description: 'The renamed second factor; null if it was not renamed.',
  })
  factor: SecondFactor | null = null

  @Field(() => [RenameSecondFactorError], {
    description: 'Why the second factor was not renamed; empty if it was.',
  })
  errors: (typeof RenameSecondFactorError)[] = []
}

/** The second factor to remove. */
@InputType({ description: 'The second factor to remove.' })
export class RemoveSecondFactorInput {
  @Field(() => ID, { description: 'The id of one of the caller’s own second factors.' })
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
    description: 'The id of the removed second factor; null if nothing was removed.',
  })
  removedId: string | null = null

  @Field(() => User, {
    nullable: true,
    description: 'The user after the change; null if nothing was removed.',
  })
  user: User | null = null

  @Field(() => [RemoveSecondFactorError], {
    description: 'Why the second factor was not removed; empty if it was.',
  })
  errors: (typeof RemoveSecondFactorError)[] = []
}

const RegenerateRecoveryCodesError = createUnionType({
  name: 'RegenerateRecoveryCodesError',
  description: 'Why there are no new recovery codes.',
  types: () => [SecondFactorNotFound] as const,
})

/** New recovery codes. */
@ObjectType({ description: 'New recovery codes, which replace the old ones.' })
export class RegenerateRecoveryCodesPayload {
  @Field(() => [String], {
    nullable: true,
    description: 'Ten recovery codes. Each works once. They are returned here and never again.',
  })
  codes: readonly string[] | null = null

  @Field(() => [RegenerateRecoveryCodesError], {
    description: 'SecondFactorNotFound if the caller has no second factor; otherwise empty.',
  })
  errors: (typeof RegenerateRecoveryCodesError)[] = []
}

/** The user whose second factors to reset. */
@InputType({ description: 'The user whose second factors to reset.' })
export class ResetSecondFactorInput {
  @Field(() => ID, { description: 'The id of a user other than the caller.' })
  userId!: string
}

const ResetSecondFactorError = createUnionType({
  name: 'ResetSecondFactorError',
  description: 'Why nothing was reset.',
  types: () => [UserNotFound, AccessDenied] as const,
})

/** The outcome of a reset. */
@ObjectType({ description: 'The outcome of resetting the second factors of a user.' })
export class ResetSecondFactorPayload {
  @Field(() => User, { nullable: true, description: 'The user; null if nothing was reset.' })
  user: User | null = null

  @Field(() => [ResetSecondFactorError], {
    description: 'Why nothing was reset; empty if the second factors were reset.',
  })
  errors: (typeof ResetSecondFactorError)[] = []
}
