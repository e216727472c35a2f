import { GraphQLDateTimeISO } from 'graphql-scalars'
import { ArgsType, createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { PageArgs } from '../graphql/page-arguments.type.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import { hashToken } from '../sessions/session-token.js'
import type { TrustedDeviceEntity } from './trusted-device.entity.js'

/** A trusted device as the API shows it. */
@ObjectType({
  implements: Node,
  description: 'A browser that needs no second step at sign-in for a while.',
})
export class TrustedDevice implements Node {
  @Field(() => ID, { description: 'An opaque, stable identifier.' })
  id: string

  @Field(() => String, {
    description: 'The User-Agent of the browser when the user trusted it; may be empty.',
  })
  userAgent: string

  @Field(() => String, { description: 'The address it was trusted from.' })
  ip: string

  @Field(() => GraphQLDateTimeISO, { description: 'When the user trusted it.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When a sign-in last used this trust.' })
  lastUsedAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description:
      'When the trust expires. A shorter account setting or a password change can end it earlier.',
  })
  expiresAt: Date

  @Field(() => Boolean, { description: 'Whether the request comes from this device.' })
  current: boolean

  constructor(entity: TrustedDeviceEntity, current: boolean) {
    this.id = entity.id
    this.userAgent = entity.userAgent
    this.ip = entity.ip
    this.createdAt = entity.createdAt
    this.lastUsedAt = entity.lastUsedAt
    this.expiresAt = entity.expiresAt
    this.current = current
  }
}

/** Arguments of the list of trusted devices. */
@ArgsType()
export class TrustedDevicesArgs extends PageArgs {}

/** Compares devices with the one that has this token. Without a token, no device matches. */
export const isSameDevice = (token: string | undefined) => {
  const current = hashToken(token ?? '')
  return ({ tokenHash }: TrustedDeviceEntity): boolean => tokenHash === current
}

/** A trusted device and its cursor. */
@ObjectType({ description: 'A trusted device and its cursor in a list.' })
class TrustedDeviceEdge {
  @Field(() => String, { description: 'The cursor of this device, to continue the list from.' })
  cursor!: string

  @Field(() => TrustedDevice, { description: 'The device.' })
  node!: TrustedDevice
}

/** One page of trusted devices. */
@ObjectType({
  description:
    'One page of a user’s trusted devices, newest first (Relay Cursor Connections Specification).',
})
export class TrustedDeviceConnection {
  @Field(() => PageInfo, {
    description:
      'Whether there are pages before and after this one, and the cursors to request them.',
  })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<TrustedDeviceEntity>,
    private readonly isCurrent: (device: TrustedDeviceEntity) => boolean,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [TrustedDeviceEdge], { description: 'The devices with their cursors.' })
  edges(): TrustedDeviceEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new TrustedDevice(row, this.isCurrent(row)),
    }))
  }

  @Field(() => [TrustedDevice], {
    description: 'The devices without cursors.',
  })
  nodes(): TrustedDevice[] {
    return this.page.rows.map(row => new TrustedDevice(row, this.isCurrent(row)))
  }

  @Field(() => Int, { description: 'The number of devices on all pages.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** The device to stop trusting. */
@InputType({ description: 'The device to stop trusting.' })
export class RevokeTrustedDeviceInput {
  @Field(() => ID, { description: 'The id of one of the caller’s own devices.' })
  id!: string
}

/** The device does not exist. */
@ObjectType({
  implements: UserError,
  description: 'The caller does not trust this device, or no longer trusts it.',
})
export class TrustedDeviceNotFound extends UserError {
  constructor() {
    super(text('trusted-devices.error.trustedDeviceNotFound'), ['id'])
  }
}

const RevokeTrustedDeviceError = createUnionType({
  name: 'RevokeTrustedDeviceError',
  description: 'Why a device was not revoked.',
  types: () => [TrustedDeviceNotFound] as const,
})

/** The outcome of revoking. */
@ObjectType({ description: 'The outcome of revoking the trust in a device.' })
export class RevokeTrustedDevicePayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the device; null if nothing was revoked.',
  })
  revokedId: string | null = null

  @Field(() => [RevokeTrustedDeviceError], {
    description: 'Why the trust was not revoked; empty if it was.',
  })
  errors: (typeof RevokeTrustedDeviceError)[] = []
}

/** The outcome of revoking all. */
@ObjectType({ description: 'The outcome of revoking the trust in all devices.' })
export class RevokeAllTrustedDevicesPayload {
  @Field(() => Int, { description: 'How many devices were trusted before.' })
  count = 0

  @Field(() => [UserError], { description: 'Always empty.' })
  errors: UserError[] = []
}
