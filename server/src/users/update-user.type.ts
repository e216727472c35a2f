import { GraphQLJSONObject } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { phoneRule } from '../phone-numbers/phone.js'
import type { UserEntity } from './user.entity.js'
import { User, userOf } from './user.type.js'
import { externalIdRule, languageRule, metadataRule } from './user-fields.js'

/** An edit of a profile. */
@InputType({ description: 'An edit of a profile. Fields that are left out stay as they are.' })
export class UpdateUserInput {
  @Field(() => ID, { description: 'The user whose profile to edit.' })
  userId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the profile that the edit began from. If it is no longer the newest, nothing is changed. Without it, the edit overwrites other edits.',
  })
  version?: number | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description:
      'The new login: an e-mail address of at most 254 characters. Requires users.manage. Links that were sent to the former login stop working, so an invitation must be sent again.',
  })
  login?: string | null

  @MaxLength(1_000)
  @Field(() => String, { nullable: true, description: 'The first name: 1 to 100 characters.' })
  firstName?: string | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: 'The last name: up to 100 characters; may be empty.',
  })
  lastName?: string | null

  @MaxLength(200)
  @Field(() => String, {
    nullable: true,
    description: `${phoneRule}. A valid international number, or a national one of accountSettings.defaultRegion, is stored in E.164. Null or empty clears it.`,
  })
  phone?: string | null

  @MaxLength(100)
  @Field(() => String, {
    nullable: true,
    description: `${languageRule[0]?.toUpperCase()}${languageRule.slice(1)} (BCP 47). An underscore counts as a hyphen.`,
  })
  language?: string | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description: `${externalIdRule}. Requires users.manage, also for the caller’s own profile. Null or empty clears it.`,
  })
  externalId?: string | null

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: `What another system stores about the user, which replaces all stored metadata: ${metadataRule}. Requires users.manage, also for the caller’s own profile. Null clears it.`,
  })
  metadata?: Record<string, unknown> | null
}

/** Another user has this login. */
@ObjectType({ implements: UserError, description: 'Another user has this login.' })
export class LoginTaken extends UserError {
  constructor() {
    super(text('users.error.loginTaken'), ['login'])
  }
}

/** Another user has this external id. */
@ObjectType({ implements: UserError, description: 'Another user has this external id.' })
export class ExternalIdTaken extends UserError {
  constructor() {
    super(text('users.error.externalIdTaken'), ['externalId'])
  }
}

/** The edit began from an older version of the profile. */
@ObjectType({
  implements: UserError,
  description: 'The profile has changed since the version that the edit began from.',
})
export class UserChangedMeanwhile extends UserError {
  @Field(() => User, { description: 'The current profile. Continue the edit from its version.' })
  user: User

  constructor(user: UserEntity) {
    super(text('users.error.userChangedMeanwhile'), ['version'])
    this.user = userOf(user)
  }
}

const UpdateUserError = createUnionType({
  name: 'UpdateUserError',
  description: 'Why a profile was not changed.',
  types: () =>
    [InvalidField, LoginTaken, ExternalIdTaken, UserChangedMeanwhile, UserNotFound] as const,
})

/** The outcome of an edit of a profile. */
@ObjectType({ description: 'The outcome of an edit of a profile.' })
export class UpdateUserPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The current profile. Null if the edit was refused, or if it changed nothing and the caller may not read the profile.',
  })
  user: User | null = null

  @Field(() => [UpdateUserError], {
    description: 'Empty if the profile was changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateUserError)[] = []
}
