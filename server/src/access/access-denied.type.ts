import type { AccessRefusal } from '@rekey/shared/access'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'

/** Why something is refused, as an enum of the schema. */
export enum AccessRefusalEnum {
  PERMISSION_MISSING = 'PERMISSION_MISSING',
  OUTRANKED = 'OUTRANKED',
  SELF = 'SELF',
  BEYOND_OWN_ACCESS = 'BEYOND_OWN_ACCESS',
}

registerEnumType(AccessRefusalEnum, {
  name: 'AccessRefusal',
  description: 'Why the caller may not do something to a user.',
  valuesConfig: {
    PERMISSION_MISSING: { description: 'The caller lacks the permission it takes.' },
    OUTRANKED: {
      description:
        'The user’s role is higher than the caller’s, or they hold a permission that the caller does not.',
    },
    SELF: { description: 'Nobody may do this to themselves.' },
    BEYOND_OWN_ACCESS: {
      description: 'More would be given than the caller has: a higher role or another permission.',
    },
  },
})

const messages: Record<AccessRefusal, string> = {
  PERMISSION_MISSING: 'You lack the permission for this.',
  OUTRANKED: 'You may not do this to someone who outranks you.',
  SELF: 'You can’t do this to yourself.',
  BEYOND_OWN_ACCESS: 'You can’t give more than you have yourself.',
}

/** The caller has the permission, but not for this very user, or not for so much. */
@ObjectType({
  implements: UserError,
  description:
    'The caller holds the permission, but may not do this to this very user, or not give so much. Nothing was changed.',
})
export class AccessDenied extends UserError {
  @Field(() => AccessRefusalEnum, { description: 'Why.' })
  reason: AccessRefusalEnum

  constructor(refusal: AccessRefusal, path: string[]) {
    super(messages[refusal], path)
    this.reason = AccessRefusalEnum[refusal]
  }
}

/** Nobody would be left who could set things right. */
@ObjectType({
  implements: UserError,
  description: 'This is the last active owner, who can’t be demoted, blocked or deleted.',
})
export class LastOwner extends UserError {
  constructor(path: string[]) {
    super('This is the last active owner. Make someone else an owner first.', path)
  }
}
