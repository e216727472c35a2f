import { type AccessRefusal, accessRefusalKeys } from '@rekey/shared/access'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'

/** The reasons for denied access as an enum of the schema. */
export const AccessRefusalEnum = {
  PERMISSION_MISSING: 'PERMISSION_MISSING',
  OUTRANKED: 'OUTRANKED',
  SELF: 'SELF',
  BEYOND_OWN_ACCESS: 'BEYOND_OWN_ACCESS',
} as const satisfies { [Reason in AccessRefusal]: Reason }

registerEnumType(AccessRefusalEnum, {
  name: 'AccessRefusal',
  description: 'Why an action is not allowed.',
  valuesConfig: {
    PERMISSION_MISSING: { description: 'The caller lacks the required permission.' },
    OUTRANKED: {
      description:
        'The other user has a higher role, or a permission that the caller does not have.',
    },
    SELF: { description: 'Users may not do this to themselves.' },
    BEYOND_OWN_ACCESS: { description: 'The caller would give more access than they have.' },
  },
})

/** The caller may not perform this action on this user. */
@ObjectType({
  implements: UserError,
  description:
    'The caller has the permission, but may not perform this action on this user, or may not give this user so much access.',
})
export class AccessDenied extends UserError {
  @Field(() => AccessRefusalEnum, { description: 'Why the action is not allowed.' })
  reason: AccessRefusal

  constructor(reason: AccessRefusal, path: string[]) {
    super(text(accessRefusalKeys[reason]), path)
    this.reason = reason
  }
}

/** The last active owner would lose the role. */
@ObjectType({
  implements: UserError,
  description:
    'This is the only active owner. Make another user an owner before you demote, block or delete this one.',
})
export class LastOwner extends UserError {
  constructor(path: string[]) {
    super(text('access.error.lastOwner'), path)
  }
}
