import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { fullNameOf } from '../users/user-keys.js'
import type { OneTimeLinkLookup } from './one-time-link.service.js'

/** Whether a one-time link is valid, and if not, why. */
export enum OneTimeLinkStatusEnum {
  VALID = 'VALID',
  EXPIRED = 'EXPIRED',
  USED = 'USED',
  REVOKED = 'REVOKED',
  UNKNOWN = 'UNKNOWN',
}

registerEnumType(OneTimeLinkStatusEnum, {
  name: 'OneTimeLinkStatus',
  description: 'Whether a one-time link is valid, and if not, why.',
  valuesConfig: {
    VALID: { description: 'The link is valid.' },
    EXPIRED: { description: 'The link has expired.' },
    USED: { description: 'The link was used. It works only once.' },
    REVOKED: {
      description:
        'The link was revoked: a newer one was sent, the password has been changed since, or someone revoked it.',
    },
    UNKNOWN: { description: 'The link never existed, or expired long ago.' },
  },
})

/** The purposes of one-time links that are sent by mail. */
enum OneTimeLinkPurposeEnum {
  INVITATION = 'INVITATION',
  PASSWORD_RESET = 'PASSWORD_RESET',
}

registerEnumType(OneTimeLinkPurposeEnum, {
  name: 'OneTimeLinkPurpose',
  description: 'The purpose of a one-time link.',
  valuesConfig: {
    INVITATION: { description: 'Sets the first password of an invited user.' },
    PASSWORD_RESET: { description: 'Replaces a forgotten password.' },
  },
})

/** A one-time link, for its page. */
@ObjectType({
  description:
    'A one-time link that was sent by mail. The fields about the user are null unless the link is valid.',
})
export class OneTimeLink {
  @Field(() => OneTimeLinkStatusEnum, {
    description: 'Whether the link is valid, and if not, why.',
  })
  status: OneTimeLinkStatusEnum

  @Field(() => OneTimeLinkPurposeEnum, {
    nullable: true,
    description: 'The purpose of the link; null unless it is valid.',
  })
  purpose: OneTimeLinkPurposeEnum | null = null

  @Field(() => String, {
    nullable: true,
    description: 'The login of the user; null unless the link is valid.',
  })
  login: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'The full name of the user; null unless the link is valid.',
  })
  name: string | null = null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'When the link expires; null unless it is valid.',
  })
  expiresAt: Date | null = null

  constructor(found: OneTimeLinkLookup) {
    this.status = OneTimeLinkStatusEnum[found.status]
    if (found.status !== 'VALID') return
    this.purpose = found.link.purpose as OneTimeLinkPurposeEnum
    this.login = found.user.login
    this.name = fullNameOf(found.user)
    this.expiresAt = found.link.expiresAt
  }
}

const messages = {
  EXPIRED: 'one-time-links.error.expired',
  USED: 'one-time-links.error.used',
  REVOKED: 'one-time-links.error.revoked',
  UNKNOWN: 'one-time-links.error.unknown',
} as const

/** The link is not valid. */
@ObjectType({
  implements: UserError,
  description: 'The link is not valid. The status explains why. Nothing was changed.',
})
export class LinkInvalid extends UserError {
  @Field(() => OneTimeLinkStatusEnum, { description: 'Why the link is not valid; never VALID.' })
  status: OneTimeLinkStatusEnum

  constructor(status: Exclude<keyof typeof OneTimeLinkStatusEnum, 'VALID'>) {
    super(text(messages[status]), ['token'])
    this.status = OneTimeLinkStatusEnum[status]
  }
}
