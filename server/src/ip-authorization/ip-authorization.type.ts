import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { Node } from '../nodes/node.type.js'
import type { AllowedAddressEntity } from './allowed-address.entity.js'

/** A range from which Rekey may be used. */
@ObjectType({
  implements: Node,
  description: 'A range from which Rekey may be used while securitySettings.ipAuthorization is on.',
})
export class AllowedAddress implements Node {
  @Field(() => ID, { description: 'The opaque, stable id of the range.' })
  id: string

  @Field(() => String, {
    description:
      'The range in normalized CIDR notation, such as 203.0.113.0/24 or 2001:db8::/48. A single address is a /32 or /128.',
  })
  range: string

  @Field(() => String, { description: 'A description written by the user who added the range.' })
  label: string

  @Field(() => GraphQLDateTimeISO, { description: 'When the range was added.' })
  createdAt: Date

  readonly createdBy: string | null

  constructor(address: AllowedAddressEntity) {
    this.id = address.id
    this.range = address.range
    this.label = address.label
    this.createdAt = address.createdAt
    this.createdBy = address.createdBy
  }
}

/** An allowed address with its place in the list. */
@ObjectType({ description: 'An allowed address with its place in the list.' })
class AllowedAddressEdge {
  @Field(() => String, { description: 'The cursor of this item.' })
  cursor!: string

  @Field(() => AllowedAddress, { description: 'The allowed address.' })
  node!: AllowedAddress
}

/** One page of allowed addresses. */
@ObjectType({
  description:
    'One page of the allowed addresses, oldest first (Relay Cursor Connections Specification).',
})
export class AllowedAddressConnection {
  @Field(() => PageInfo, { description: 'Whether there are items before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<AllowedAddressEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [AllowedAddressEdge], { description: 'The allowed addresses with their cursors.' })
  edges(): AllowedAddressEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new AllowedAddress(row),
    }))
  }

  @Field(() => [AllowedAddress], {
    description: 'The allowed addresses without cursors.',
  })
  nodes(): AllowedAddress[] {
    return this.page.rows.map(row => new AllowedAddress(row))
  }

  @Field(() => Int, { description: 'The number of allowed addresses on all pages; at most 500.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** The change would lock the caller out. */
@ObjectType({
  implements: UserError,
  description:
    'The allowed addresses would not cover the caller’s own address, so the caller would be locked out. Nothing was changed.',
})
export class AddressNotCovered extends UserError {
  @Field(() => String, { description: 'The caller’s own address, which the list must cover.' })
  address: string

  constructor(address: string, path: string[]) {
    super(text('ip-authorization.error.addressNotCovered', { address }), path)
    this.address = address
  }
}

/** Rekey cannot be used from this address. */
@ObjectType({
  implements: UserError,
  description:
    'Rekey cannot be used from the caller’s address. Returned only after the caller has presented a correct password, passkey or link.',
})
export class AddressNotAllowed extends UserError {
  @Field(() => String, { description: 'The caller’s address, as the server sees it.' })
  address: string

  constructor(address: string, path: string[] = []) {
    super(text('ip-authorization.error.addressNotAllowed', { address }), path)
    this.address = address
  }
}

/** The range is already on the list. */
@ObjectType({ implements: UserError, description: 'This range is already on the list.' })
export class AllowedAddressExists extends UserError {
  constructor() {
    super(text('ip-authorization.error.allowedAddressExists'), ['range'])
  }
}

/** There is no such allowed address. */
@ObjectType({
  implements: UserError,
  description: 'There is no allowed address with this id, or no longer.',
})
export class AllowedAddressNotFound extends UserError {
  constructor() {
    super(text('ip-authorization.error.allowedAddressNotFound'), ['id'])
  }
}

/** A range to add. */
@InputType({ description: 'A range to add to the allowed addresses.' })
export class AddAllowedAddressInput {
  @MaxLength(100)
  @Field(() => String, {
    description:
      'An IPv4 or IPv6 address or a CIDR range, /8 to /32 or /7 to /128. Bits after the prefix are dropped. An IPv4-mapped IPv6 address becomes the IPv4 address.',
  })
  range!: string

  @MaxLength(1_000)
  @Field(() => String, {
    description: 'A description of the range; up to 100 characters, may be empty.',
  })
  label!: string
}

const AddAllowedAddressError = createUnionType({
  name: 'AddAllowedAddressError',
  description: 'Why a range was not added.',
  types: () => [InvalidField, AllowedAddressExists] as const,
})

/** The result of adding a range. */
@ObjectType({ description: 'The result of adding an allowed address.' })
export class AddAllowedAddressPayload {
  @Field(() => AllowedAddress, {
    nullable: true,
    description: 'The added range; null if it was rejected.',
  })
  allowedAddress: AllowedAddress | null = null

  @Field(() => [AddAllowedAddressError], { description: 'Empty if the range was added.' })
  errors: (typeof AddAllowedAddressError)[] = []
}

/** A range to remove. */
@InputType({ description: 'A range to remove from the allowed addresses.' })
export class RemoveAllowedAddressInput {
  @Field(() => ID, { description: 'The allowed address to remove.' })
  id!: string
}

const RemoveAllowedAddressError = createUnionType({
  name: 'RemoveAllowedAddressError',
  description: 'Why a range was not removed.',
  types: () => [AllowedAddressNotFound, AddressNotCovered] as const,
})

/** The result of removing a range. */
@ObjectType({ description: 'The result of removing an allowed address.' })
export class RemoveAllowedAddressPayload {
  @Field(() => ID, {
    nullable: true,
    description: 'The id of the removed range; null if it was not removed.',
  })
  removedAllowedAddressId: string | null = null

  @Field(() => [RemoveAllowedAddressError], { description: 'Empty if the range was removed.' })
  errors: (typeof RemoveAllowedAddressError)[] = []
}
