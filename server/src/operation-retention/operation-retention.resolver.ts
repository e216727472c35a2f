import { hasPermission } from '@rekey/shared/access'
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import { forbidden } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import type { OperationService } from '../operations/operation.service.js'
import type { OperationRetention } from '../settings/operation-retention.js'
import type { SettingsService } from '../settings/settings.service.js'
import {
  OperationRetentionType,
  UpdateOperationRetentionInput,
  UpdateOperationRetentionPayload,
} from './operation-retention.type.js'
import type { UpdateOperationRetentionService } from './update-operation-retention.service.js'

/** Reads and changes how long operations are kept. */
@Resolver()
export class OperationRetentionResolver {
  constructor(
    private readonly settings: SettingsService,
    private readonly operations: OperationService,
    private readonly updating: UpdateOperationRetentionService,
  ) {}

  @Query(() => OperationRetentionType, {
    description:
      'How long operations are kept, and which were deleted already. Requires settings.manage or operations.read.',
  })
  async operationRetention(@Ctx() context: Context): Promise<OperationRetentionType> {
    const caller = context.requireSignedIn()
    if (!hasPermission(caller, 'settings.manage') && !hasPermission(caller, 'operations.read')) {
      throw forbidden('settings.manage')
    }
    return this.shown(await this.settings.readOperationRetention())
  }

  @Mutation(() => UpdateOperationRetentionPayload, {
    description:
      'Changes how long operations are kept. The server deletes operations that are older at once, and nobody can restore them. Requires settings.manage.',
  })
  @RequirePermission('settings.manage', 'UPDATE_OPERATION_RETENTION')
  @RequireRecentProof()
  async updateOperationRetention(
    @Arg('input', () => UpdateOperationRetentionInput, { description: 'The setting.' })
    input: UpdateOperationRetentionInput,
    @Ctx() context: Context,
  ): Promise<UpdateOperationRetentionPayload> {
    const result = await this.updating.updateOperationRetention(
      context.requireSignedIn(),
      input.keepDays ?? null,
      context.origin,
    )
    const payload = new UpdateOperationRetentionPayload()
    if (result.kind === 'updated') payload.retention = await this.shown(result.retention)
    else payload.errors = [new InvalidField(result.message, ['keepDays'])]
    return payload
  }

  private async shown(retention: OperationRetention): Promise<OperationRetentionType> {
    return new OperationRetentionType(retention, await this.operations.findCut())
  }
}
