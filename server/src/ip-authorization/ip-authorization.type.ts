import { GraphQLDateTimeISO } from 'graphql-scalars'
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql'
import type { CountedPage } from '../graphql/keyset-page.js'
import { MaxLength } from '../graphql/max-length.js'
import { PageInfo, pageInfoOf } from '../graphql/page-info.type.js'
import { InvalidField, UserError } from '../graphql/user-error.type.js'
import type { AllowedAddressEntity } from './allowed-address.entity.js'

/** A range from which Rekey may be used. */
@ObjectType({
  description: 'A range from which Rekey may be used while securitySettings.ipAuthorization is on.',
})
export class AllowedAddress {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id: string

  @Field(() => String, {
    description:
      'CIDR in its usual spelling, such as 203.0.113.0/24 or 2001:db8::/48; one address is a /32 or /128.',
  })
  range: string

  @Field(() => String, { description: 'What it is, in the words of whoever added it.' })
  label: string

  @Field(() => GraphQLDateTimeISO, { description: 'When it was added.' })
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
  @Field(() => String, { description: 'The place of this one, to page on from.' })
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
  @Field(() => PageInfo, { description: 'What lies before and after this page.' })
  pageInfo: PageInfo

  constructor(private readonly page: CountedPage<AllowedAddressEntity>) {
    this.pageInfo = pageInfoOf(page)
  }

  @Field(() => [AllowedAddressEdge], { description: 'The allowed addresses with their places.' })
  edges(): AllowedAddressEdge[] {
    return this.page.rows.map(row => ({
      cursor: this.page.cursorOf(row),
      node: new AllowedAddress(row),
    }))
  }

  @Field(() => [AllowedAddress], {
    description: 'The allowed addresses alone, for those who need no cursors.',
  })
  nodes(): AllowedAddress[] {
    return this.page.rows.map(row => new AllowedAddress(row))
  }

  @Field(() => Int, { description: 'How many there are on all pages together; at most 500.' })
  totalCount(): Promise<number> {
    return this.page.countAll()
  }
}

/** The caller would be locked out. */
@ObjectType({
  implements: UserError,
  description:
    'The allowed addresses would not cover the caller’s own address, and so lock them out. Nothing was changed.',
})
export class AddressNotCovered extends UserError {
  @Field(() => String, { description: 'The caller’s own address, which has to be covered.' })
  address: string

  constructor(address: string, path: string[]) {
    super(`Your own address, ${address}, would not be allowed any more.`, path)
    this.address = address
  }
}

/** Rekey can't be used from this address. */
@ObjectType({
  implements: UserError,
  description:
    'Rekey can’t be used from the caller’s address. Told only to those who have shown a password, a passkey or a link that is right.',
})
export class AddressNotAllowed extends UserError {
  @Field(() => String, { description: 'The caller’s address, as the server sees it.' })
  address: string

  constructor(address: string, path: string[] = []) {
    super(`Rekey can’t be used from your address, ${address}. Ask an administrator.`, path)
    this.address = address
  }
}

/** The range is on the list. */
@ObjectType({ implements: UserError, description: 'This range is on the list already.' })
export class AllowedAddressExists extends UserError {
  constructor() {
    super('This range is on the list already.', ['range'])
  }
}

/** No such allowed address. */
@ObjectType({
  implements: UserError,
  description: 'There is no allowed address with this id, or no longer.',
})
export class AllowedAddressNotFound extends UserError {
  constructor() {
    super('There is no such allowed address.', ['id'])
  }
}

/** A range to be added. */
@InputType({ description: 'A range to be added to the allowed addresses.' })
export class AddAllowedAddressInput {
  @MaxLength(100)
  @Field(() => String, {
    description:
      'An IPv4 or IPv6 address or a CIDR range, /8 to /32 or /7 to /128. Bits beyond the prefix are dropped; an IPv4-mapped IPv6 address is the IPv4 address.',
  })
  range!: string

  @MaxLength(1_000)
  @Field(() => String, { description: 'What it is; up to 100 characters, may be empty.' })
  label!: string
}

const AddAllowedAddressError = createUnionType({
  name: 'AddAllowedAddressError',
  description: 'Why a range was not added.',
  types: () => [InvalidField, AllowedAddressExists] as const,
})

/** The outcome of an addition. */
@ObjectType({ description: 'The outcome of adding to the allowed addresses.' })
export class AddAllowedAddressPayload {
  @Field(() => AllowedAddress, {
    nullable: true,
    description: 'What was added; null when refused.',
  })
  allowedAddress: AllowedAddress | null = null

  @Field(() => [AddAllowedAddressError], { description: 'Empty when it was added.' })
  errors: (typeof AddAllowedAddressError)[] = []
}

/** A range to be removed. */
@InputType({ description: 'A range to be removed from the allowed addresses.' })
export class RemoveAllowedAddressInput {
  @Field(() => ID, { description: 'Which one.' })
  id!: string
}

const RemoveAllowedAddressError = createUnionType({
  name: 'RemoveAllowedAddressError',
  description: 'Why a range was not removed.',
  types: () => [AllowedAddressNotFound, AddressNotCovered] as const,
})

/** The outcome of a removal. */
@ObjectType({ description: 'The outcome of removing from the allowed addresses.' })
export class RemoveAllowedAddressPayload {
  @Field(() => ID, { nullable: true, description: 'What was removed; null when refused.' })
  removedAllowedAddressId: string | null = null

  @Field(() => [RemoveAllowedAddressError], { description: 'Empty when it was removed.' })
  errors: (typeof RemoveAllowedAddressError)[] = []
}
