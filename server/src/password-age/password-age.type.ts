import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql'
import { InvalidField } from '../graphql/user-error.type.js'
import type { PasswordAge } from '../settings/password-age.js'
import type { PasswordDeadline } from '../users/password-age.js'

/** When a password should be changed because of its age. */
@ObjectType({
  description: 'When a password should be changed because of its age.',
  simpleResolvers: true,
})
export class PasswordDeadlineType {
  @Field(() => GraphQLDateTimeISO, { description: 'The deadline.' })
  at: Date

  @Field(() => GraphQLDateTimeISO, {
    description:
      'From when the user is reminded: 14 days before the deadline, but at least a day after the password was changed.',
  })
  remindFrom: Date

  @Field(() => Boolean, {
    description:
      'Whether the user must change the password from the deadline on, before they can do anything else. Otherwise they are only reminded.',
  })
  required: boolean

  constructor({ at, remindFrom, required }: PasswordDeadline) {
    this.at = at
    this.remindFrom = remindFrom
    this.required = required
  }
}

/** How old passwords may become. */
@ObjectType({
  description: 'How old passwords may become: settings of the whole account.',
  simpleResolvers: true,
})
export class PasswordAgeSettings {
  @Field(() => Int, {
    nullable: true,
    description:
      'The age in days, from 7 to 3650, at which users should change their password. They are reminded 14, 3 and 0 days before. Null if they are not reminded.',
  })
  remindAfterDays: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'The age in days, from 7 to 3650, at which users must change their password, also in sessions that are open. They are reminded 14, 3 and 0 days before. Null if they need not. API tokens keep working.',
  })
  requireChangeAfterDays: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'How many hours, from 1 to 8760, a password works that someone else set and that the user must change. Null if it works until the user changes it.',
  })
  temporaryPasswordHours: number | null

  constructor(age: PasswordAge) {
    this.remindAfterDays = age.remindAfterDays
    this.requireChangeAfterDays = age.requireChangeAfterDays
    this.temporaryPasswordHours = age.temporaryPasswordHours
  }
}

/** Changes to how old passwords may become. */
@InputType({
  description:
    'Changes to how old passwords may become. Null switches a setting off. Settings that are left out stay as they are.',
})
export class UpdatePasswordAgeInput {
  @Field(() => Int, {
    nullable: true,
    description:
      'From 7 to 3650, and less than requireChangeAfterDays. See PasswordAgeSettings.remindAfterDays.',
  })
  remindAfterDays?: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'From 7 to 3650. See PasswordAgeSettings.requireChangeAfterDays.',
  })
  requireChangeAfterDays?: number | null

  @Field(() => Int, {
    nullable: true,
    description:
      'From 1 to 8760. See PasswordAgeSettings.temporaryPasswordHours. Applies to passwords that are set afterwards.',
  })
  temporaryPasswordHours?: number | null
}

const UpdatePasswordAgeError = createUnionType({
  name: 'UpdatePasswordAgeError',
  description: 'Why the settings were not changed.',
  types: () => [InvalidField] as const,
})

/** The result of a change. */
@ObjectType({ description: 'The result of a change of how old passwords may become.' })
export class UpdatePasswordAgePayload {
  @Field(() => PasswordAgeSettings, {
    nullable: true,
    description: 'The settings after the change; null if nothing was changed.',
  })
  settings: PasswordAgeSettings | null = null

  @Field(() => [UpdatePasswordAgeError], {
    description: 'Empty if the settings were changed. Otherwise nothing was changed.',
  })
  errors: (typeof UpdatePasswordAgeError)[] = []
}
