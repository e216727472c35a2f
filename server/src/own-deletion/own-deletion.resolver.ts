import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Arg, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { LastOwner } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof, SessionOnly, SignedIn } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { RequestLoader } from '../graphql/request-loader.js'
import type { SettingsService } from '../settings/settings.service.js'
import { User, userOf } from '../users/user.type.js'
import type { OwnDeletionEntity } from './own-deletion.entity.js'
import type { OwnDeletionService } from './own-deletion.service.js'
import {
  CancelOwnDeletionPayload,
  OwnDeletionNotAllowed,
  OwnDeletionSettings,
  RequestOwnDeletionPayload,
  UpdateOwnDeletionInput,
  UpdateOwnDeletionPayload,
} from './own-deletion.type.js'
import type { UpdateOwnDeletionService } from './update-own-deletion.service.js'

/** Lets users delete their own accounts. */
@Resolver(() => User)
export class OwnDeletionResolver {
  // A mutation changes the value that fields after it return.
  private readonly requests: RequestLoader<OwnDeletionEntity>

  constructor(
    private readonly settings: SettingsService,
    private readonly deletions: OwnDeletionService,
    private readonly updating: UpdateOwnDeletionService,
  ) {
    this.requests = new RequestLoader(ids => deletions.findRequests(ids), false)
  }

  @FieldResolver(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'When this account is deleted, because its user has requested it; null if they have not. The user can undo it until then.',
  })
  async deletionAt(@Root() user: User, @Ctx() context: Context): Promise<Date | null> {
    return (await this.requests.load(user.id, context))?.dueAt ?? null
  }

  @Query(() => OwnDeletionSettings, {
    description: 'Whether users may delete their own accounts. Requires a signed-in caller.',
  })
  async ownDeletionSettings(@Ctx() context: Context): Promise<OwnDeletionSettings> {
    context.requireSignedIn()
    return new OwnDeletionSettings(await this.settings.readOwnDeletion())
  }

  @Mutation(() => UpdateOwnDeletionPayload, {
    description: 'Changes whether users may delete their own accounts. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_OWN_DELETION')
  @RequireRecentProof()
  async updateOwnDeletion(
    @Arg('input', () => UpdateOwnDeletionInput, { description: 'The setting to save.' })
    { allowed }: UpdateOwnDeletionInput,
    @Ctx() context: Context,
  ): Promise<UpdateOwnDeletionPayload> {
    const caller = context.requireSignedIn()
    const saved = await this.updating.updateOwnDeletion(caller, { allowed }, context.origin)
    return Object.assign(new UpdateOwnDeletionPayload(), {
      settings: new OwnDeletionSettings(saved),
    })
  }

  @Mutation(() => RequestOwnDeletionPayload, {
    description:
      'Requests that the caller’s account be deleted after a wait. It works as usual until then, and `cancelOwnDeletion` undoes the request. The server checks the setting and that the caller is not the last owner again when the wait ends. The caller gets a mail now and at the end.',
  })
  @SignedIn()
  @SessionOnly()
  @RequireRecentProof()
  async requestOwnDeletion(@Ctx() context: Context): Promise<RequestOwnDeletionPayload> {
    const result = await this.deletions.request(context.requireSignedIn(), context.origin)
    const payload = new RequestOwnDeletionPayload()
    if (result.kind === 'requested') payload.user = userOf(result.user)
    else if (result.kind === 'lastOwner') payload.errors = [new LastOwner([])]
    else payload.errors = [new OwnDeletionNotAllowed()]
    return payload
  }

  @Mutation(() => CancelOwnDeletionPayload, {
    description:
      'Keeps the caller’s account, whose deletion they had requested. Does nothing without a request.',
  })
  @SignedIn()
  @SessionOnly()
  async cancelOwnDeletion(@Ctx() context: Context): Promise<CancelOwnDeletionPayload> {
    const user = await this.deletions.cancel(context.requireSignedIn(), context.origin)
    return Object.assign(new CancelOwnDeletionPayload(), { user: userOf(user) })
  }
}
