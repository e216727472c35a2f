import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { UserError } from '../graphql/user-error.type.js'
import { fullNameOf } from '../users/user-keys.js'
import type { OneTimeLinkLookup } from './one-time-link.service.js'

/** Whether a one-time link works, and if not, why. */
export enum OneTimeLinkStatusEnum {
  VALID = 'VALID',
  EXPIRED = 'EXPIRED',
  USED = 'USED',
  REVOKED = 'REVOKED',
  UNKNOWN = 'UNKNOWN',
}

registerEnumType(OneTimeLinkStatusEnum, {
  name: 'OneTimeLinkStatus',
  description: 'Whether a one-time link works, and if not, why.',
  valuesConfig: {
    VALID: { description: 'It works.' },
    EXPIRED: { description: 'Its time has run out.' },
    USED: { description: 'It was used: it works once.' },
    REVOKED: {
      description:
        'It was taken back: a newer one was sent, the password was changed meanwhile, or someone revoked it.',
    },
    UNKNOWN: { description: 'There never was such a link, or it ended long ago.' },
  },
})

/** What a one-time link that is sent by mail is good for. */
enum OneTimeLinkPurposeEnum {
  INVITATION = 'INVITATION',
  PASSWORD_RESET = 'PASSWORD_RESET',
}

registerEnumType(OneTimeLinkPurposeEnum, {
  name: 'OneTimeLinkPurpose',
  description: 'What a one-time link is good for.',
  valuesConfig: {
    INVITATION: { description: 'Sets the first password of an invited user.' },
    PASSWORD_RESET: { description: 'Replaces a forgotten password.' },
  },
})

/** A one-time link, as its page is told of it. */
@ObjectType({
  description:
    'A one-time link that was sent by mail. Only as long as it works does it tell whose it is.',
})
export class OneTimeLink {
  @Field(() => OneTimeLinkStatusEnum, { description: 'Whether it works, and if not, why.' })
  status: OneTimeLinkStatusEnum

  @Field(() => OneTimeLinkPurposeEnum, {
    nullable: true,
    description: 'What it is good for; null unless it works.',
  })
  purpose: OneTimeLinkPurposeEnum | null = null

  @Field(() => String, {
    nullable: true,
    description: 'The login of whose it is; null unless it works.',
  })
  login: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'Full name of whose it is; null unless it works.',
  })
  name: string | null = null

  @Field(() => GraphQLDateTimeISO, {
    nullable: true,
    description: 'Until when it works; null unless it does.',
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

const messages: Record<OneTimeLinkStatusEnum, string> = {
  VALID: 'This link works.',
  EXPIRED: 'This link has expired.',
  USED: 'This link has been used already.',
  REVOKED: 'This link no longer works.',
  UNKNOWN: 'This link does not work.',
}

/** The link does not work. */
@ObjectType({
  implements: UserError,
  description: 'The link does not work; the status tells why. Nothing was changed.',
})
export class LinkInvalid extends UserError {
  @Field(() => OneTimeLinkStatusEnum, { description: 'Why it does not work; never VALID.' })
  status: OneTimeLinkStatusEnum

  constructor(status: Exclude<keyof typeof OneTimeLinkStatusEnum, 'VALID'>) {
    super(messages[status], ['token'])
    this.status = OneTimeLinkStatusEnum[status]
  }
}
