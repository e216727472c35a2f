import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserError, UserNotFound } from '../graphql/user-error.type.js'
import { phoneRule } from '../phone-numbers/phone.js'
import type { UserEntity } from './user.entity.js'
import { User, userOf } from './user.type.js'
import { languageRule } from './user-fields.js'

/** An edit of a profile. */
@InputType({ description: 'An edit of a profile. Fields that are left out stay as they are.' })
export class UpdateUserInput {
  @Field(() => ID, { description: 'Whose profile.' })
  userId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'The version the edit began from. When it is no longer the newest, nothing is changed; left out, the edit overwrites.',
  })
  version?: number | null

  @MaxLength(1_000)
  @Field(() => String, {
    nullable: true,
    description:
      'An e-mail address of at most 254 characters. Takes users.manage. Links that were sent to the login it was stop working: an invitation has to be sent again.',
  })
  login?: string | null

  @MaxLength(1_000)
  @Field(() => String, { nullable: true, description: '1 to 100 characters.' })
  firstName?: string | null

  @MaxLength(1_000)
  @Field(() => String, { nullable: true, description: 'Up to 100 characters; may be empty.' })
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
}

/** Someone else has that login. */
@ObjectType({ implements: UserError, description: 'Another user has this login.' })
export class LoginTaken extends UserError {
  constructor() {
    super('Another user has this login.', ['login'])
  }
}

/** The edit began from an older version. */
@ObjectType({
  implements: UserError,
  description: 'Someone else changed the profile since the version the edit began from.',
})
export class UserChangedMeanwhile extends UserError {
  @Field(() => User, { description: 'The profile as it is now, to edit on from its version.' })
  user: User

  constructor(user: UserEntity) {
    super('Someone else has changed this profile meanwhile.', ['version'])
    this.user = userOf(user)
  }
}

const UpdateUserError = createUnionType({
  name: 'UpdateUserError',
  description: 'Why a profile was not changed.',
  types: () => [InvalidField, LoginTaken, UserChangedMeanwhile, UserNotFound] as const,
})

/** The outcome of an edit. */
@ObjectType({ description: 'The outcome of an edit.' })
export class UpdateUserPayload {
  @Field(() => User, {
    nullable: true,
    description:
      'The profile as it is now; null when refused, and when nothing changed and the caller may not read it.',
  })
  user: User | null = null

  @Field(() => [UpdateUserError], {
    description: 'Empty when the profile was changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdateUserError)[] = []
}
