import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { PageArgs, pageArgumentsOf } from '../graphql/page-arguments.type.js'
import type { RequestLoader } from '../graphql/request-loader.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { readAddressRange } from '../http/ip-address.js'
import type { UserEntity } from '../users/user.entity.js'
import type { UserService } from '../users/user.service.js'
import { fullNameOf } from '../users/user-keys.js'
import { userLoaderOf } from '../users/user-loader.js'
import type { IpAuthorizationService } from './ip-authorization.service.js'
import {
  AddAllowedAddressInput,
  AddAllowedAddressPayload,
  AddressNotCovered,
  AllowedAddress,
  AllowedAddressConnection,
  AllowedAddressExists,
  AllowedAddressNotFound,
  RemoveAllowedAddressInput,
  RemoveAllowedAddressPayload,
} from './ip-authorization.type.js'

/** Queries and changes the allowed addresses. */
@Resolver(() => AllowedAddress)
export class IpAuthorizationResolver {
  private readonly people: RequestLoader<UserEntity>

  constructor(
    private readonly ipAuthorization: IpAuthorizationService,
    users: UserService,
  ) {
    this.people = userLoaderOf(users)
  }

  @Query(() => String, {
    description:
      'The caller’s address as the server sees it. TRUST_PROXY decides from which proxies X-Forwarded-For is accepted. Available without signing in.',
  })
  viewerAddress(@Ctx() context: Context): string {
    return context.origin.ip
  }

  @Query(() => AllowedAddressConnection, {
    description:
      'The ranges from which Rekey may be used while securitySettings.ipAuthorization is on, oldest first, in pages. Requires settings.manage.',
  })
  async allowedAddresses(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<AllowedAddressConnection> {
    const caller = context.requireSignedIn()
    return new AllowedAddressConnection(
      await this.ipAuthorization.list(caller, pageArgumentsOf(args)),
    )
  }

  @Mutation(() => AddAllowedAddressPayload, {
    description: 'Adds an address or a range to the allowed addresses. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'ADD_ALLOWED_ADDRESS')
  @RequireRecentProof()
  async addAllowedAddress(
    @Arg('input', () => AddAllowedAddressInput, { description: 'The address or range to add.' })
    input: AddAllowedAddressInput,
    @Ctx() context: Context,
  ): Promise<AddAllowedAddressPayload> {
    const caller = context.requireSignedIn()
    const result = await this.ipAuthorization.add(caller, input, context.origin)
    const payload = new AddAllowedAddressPayload()
    if (result.kind === 'added') payload.allowedAddress = new AllowedAddress(result.address)
    else if (result.kind === 'listedAlready') payload.errors = [new AllowedAddressExists()]
    else payload.errors = [new InvalidField(result.message, [result.field])]
    return payload
  }

  @Mutation(() => RemoveAllowedAddressPayload, {
    description:
      'Removes a range from the allowed addresses. While the list is on, the last range that covers the caller’s own address cannot be removed. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'REMOVE_ALLOWED_ADDRESS')
  @RequireRecentProof()
  async removeAllowedAddress(
    @Arg('input', () => RemoveAllowedAddressInput, {
      description: 'The allowed address to remove.',
    })
    input: RemoveAllowedAddressInput,
    @Ctx() context: Context,
  ): Promise<RemoveAllowedAddressPayload> {
    const caller = context.requireSignedIn()
    const { kind } = await this.ipAuthorization.remove(caller, input.id, context.origin)
    const payload = new RemoveAllowedAddressPayload()
    if (kind === 'removed') payload.removedAllowedAddressId = input.id
    else if (kind === 'notFound') payload.errors = [new AllowedAddressNotFound()]
    else payload.errors = [new AddressNotCovered(context.origin.ip, ['id'])]
    return payload
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the caller’s own address is within this range.',
  })
  coversViewer(@Root() { range: text }: AllowedAddress, @Ctx() context: Context): boolean {
    const read = readAddressRange(text)
    return 'range' in read && read.range.contains(context.origin.ip)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The current full name of the user who added it; null if they were deleted.',
  })
  async createdByName(
    @Root() { createdBy }: AllowedAddress,
    @Ctx() context: Context,
  ): Promise<string | null> {
    const user = createdBy === null ? undefined : await this.people.load(createdBy, context)
    return user === undefined ? null : fullNameOf(user)
  }
}
