import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { UserError } from '../graphql/user-error.type.js'
import type { TrustedDeviceEntity } from './trusted-device.entity.js'

/** A trusted device as the API shows it. */
@ObjectType({ description: 'A browser that is not asked for a second factor for a while.' })
class TrustedDevice {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => String, { description: 'The User-Agent it was trusted with; may be empty.' })
  userAgent: string

  @Field(() => String, { description: 'The address it was trusted from.' })
  ip: string

  @Field(() => GraphQLDateTimeISO, { description: 'When it came to be trusted.' })
  createdAt: Date

  @Field(() => GraphQLDateTimeISO, { description: 'When it last spared someone the second step.' })
  lastUsedAt: Date

  @Field(() => GraphQLDateTimeISO, {
    description:
      'When that ends, unless the account’s setting or a change of the password ends it earlier.',
  })
  expiresAt: Date

  @Field(() => Boolean, { description: 'Whether it is the one the request comes from.' })
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

/** A trusted device with its place in a list. */
@ObjectType({ description: 'A trusted device with its place in a list.' })
class TrustedDeviceEdge {
  @Field(() => String, { description: 'The place of this device, to page on from.' })
  cursor!: string

  @Field(() => TrustedDevice, { description: 'The device.' })
  node!: TrustedDevice
}

/** One page of trusted devices. */
@ObjectType({
  description:
    'One page of the caller’s own trusted devices, newest first (Relay Cursor Connections Specification).',
})
export class TrustedDeviceConnection {
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(
    private readonly page: CountedPage<TrustedDeviceEntity>,
    private readonly isCurrent: (device: TrustedDeviceEntity) => boolean,
  ) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [TrustedDeviceEdge], { description: 'The devices with their places.' })
  edges(): TrustedDeviceEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new TrustedDevice(row, this.isCurrent(row)),
    }))
  }

  @Field(() => [TrustedDevice], {
    description: 'The devices alone, for those who need no cursors.',
  })
  nodes(): TrustedDevice[] {
    return this.page.rows.map(row => new TrustedDevice(row, this.isCurrent(row)))
  }

  @Field(() => Int, { description: 'How many there are on all pages together.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** Which device is no longer to be trusted. */
@InputType({ description: 'Which device not to trust any more.' })
export class RevokeTrustedDeviceInput {
  @Field(() => ID, { description: 'One of the caller’s own.' })
  id!: string
}

/** There is no such device. */
@ObjectType({
  implements: UserError,
  description: 'The caller trusts no such device, or no longer.',
})
export class TrustedDeviceNotFound extends UserError {
  constructor() {
    super('There is no such device.', ['id'])
  }
}

const RevokeTrustedDeviceError = createUnionType({
  name: 'RevokeTrustedDeviceError',
  description: 'Why a device was not revoked.',
  types: () => [TrustedDeviceNotFound] as const,
})

/** The outcome of revoking. */
@ObjectType({ description: 'The outcome of no longer trusting a device.' })
export class RevokeTrustedDevicePayload {
  @Field(() => ID, { nullable: true, description: 'The id it had; null when it was not revoked.' })
  revokedId: string | null = null

  @Field(() => [RevokeTrustedDeviceError], { description: 'Empty when it was revoked.' })
  errors: (typeof RevokeTrustedDeviceError)[] = []
}

/** The outcome of revoking all. */
@ObjectType({ description: 'The outcome of no longer trusting any device.' })
export class RevokeAllTrustedDevicesPayload {
  @Field(() => Int, { description: 'How many were trusted until now.' })
  count = 0

  @Field(() => [UserError], { description: 'Always empty.' })
  errors: UserError[] = []
}
