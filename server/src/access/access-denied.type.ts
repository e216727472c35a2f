import type { AccessRefusal } from '@rekey/shared/access'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'

/** Reasons for a refusal as an enum of the schema. */
export const AccessRefusalEnum = {
  PERMISSION_MISSING: 'PERMISSION_MISSING',
  OUTRANKED: 'OUTRANKED',
  SELF: 'SELF',
  BEYOND_OWN_ACCESS: 'BEYOND_OWN_ACCESS',
} as const satisfies { [Reason in AccessRefusal]: Reason }

registerEnumType(AccessRefusalEnum, {
  name: 'AccessRefusal',
  description: 'Why someone may not do something.',
  valuesConfig: {
    PERMISSION_MISSING: { description: 'The permission it takes is missing.' },
    OUTRANKED: {
      description:
        'The other’s role is higher, or they hold a permission that the caller does not.',
    },
    SELF: { description: 'Nobody may do this to themselves.' },
    BEYOND_OWN_ACCESS: { description: 'More would be given than the caller has.' },
  },
})

const messages: Record<AccessRefusal, string> = {
  PERMISSION_MISSING: 'You may not do this.',
  OUTRANKED: 'They have a higher role than you, or may do something that you may not.',
  SELF: 'You can’t do this to yourself.',
  BEYOND_OWN_ACCESS: 'You can’t give anyone more than you have yourself.',
}

/** The caller may not do this to this user. */
@ObjectType({
  implements: UserError,
  description:
    'The caller holds the permission, but may not do this to this user, or not give them so much.',
})
export class AccessDenied extends UserError {
  @Field(() => AccessRefusalEnum, { description: 'Why.' })
  reason: AccessRefusal

  constructor(reason: AccessRefusal, path: string[]) {
    super(messages[reason], path)
    this.reason = reason
  }
}

/** Nobody would be left who can do everything. */
@ObjectType({
  implements: UserError,
  description:
    'This is the only active owner. They can’t be demoted, blocked or deleted before someone else is an owner as well.',
})
export class LastOwner extends UserError {
  constructor(path: string[]) {
    super('They are the last owner. Make someone else an owner first.', path)
  }
}
