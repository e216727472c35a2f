import {
  type AccessRefusal,
  hasPermission,
  refusalToManageSignIn,
  refusalToResetSecondFactor,
} from '@rekey/shared/access'
import { GraphQLDateTimeISO } from 'graphql-scalars'
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import { AccessDenied, AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermission, RequireRecentProof, SessionOnly, SignedIn } from '../access/guards.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { RequestLoader } from '../graphql/request-loader.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { text } from '../messages/language.js'
import { User, userOf } from '../users/user.type.js'
import type { SecondFactorService } from './second-factor.service.js'
import {
  RegenerateRecoveryCodesPayload,
  RemoveSecondFactorInput,
  RemoveSecondFactorPayload,
  RenameSecondFactorInput,
  RenameSecondFactorPayload,
  ResetSecondFactorInput,
  ResetSecondFactorPayload,
  SecondFactor,
  SecondFactorNotFound,
  SecondFactorRequired,
} from './second-factor.type.js'

/**
 * True if the profile is the caller's own and the caller uses a session. API tokens must not
 * see how a user signs in.
 */
const isOwn = (user: User, { caller }: Context): boolean =>
  caller !== null && caller.session !== null && caller.id === user.id

/** Shows and changes the second factors of users. */
@Resolver(() => User)
export class SecondFactorResolver {
  private readonly ofUsers = new RequestLoader(ids => this.factors.listOf(ids), false)

  constructor(private readonly factors: SecondFactorService) {}

  @FieldResolver(() => [SecondFactor], {
    nullable: true,
    description:
      'The second factors, oldest first. Callers see their own in a session. With users.read they see the methods and dates of others, and the names too if they may act on the user with users.manage. Otherwise null.',
  })
  async secondFactors(@Root() user: User, @Ctx() context: Context): Promise<SecondFactor[] | null> {
    const { caller } = context
    const own = isOwn(user, context)
    if (caller === null || !(own || hasPermission(caller, 'users.read'))) return null
    const factors = (await this.ofUsers.load(user.id, context)) ?? []
    const named = own || refusalFor(context, user, refusalToManageSignIn) === null
    return factors.map(factor => new SecondFactor(factor, named))
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'The number of unused recovery codes. Only their owner sees it, in a session; otherwise null.',
  })
  async recoveryCodesLeft(@Root() user: User, @Ctx() context: Context): Promise<number | null> {
    return isOwn(user, context) ? this.factors.countRecoveryCodes(user.id) : null
  }

  @FieldResolver(() => Boolean, {
    description:
      'True if the account requires a second factor and this user has none that counts. The user can then only enrol one; for everything else, the API returns FORBIDDEN with the reason SECOND_FACTOR_ENROLMENT_REQUIRED.',
  })
  async mustEnrolSecondFactor(@Root() user: User, @Ctx() context: Context): Promise<boolean> {
    return this.factors.lacksRequired((await this.ofUsers.load(user.id, context)) ?? [])
  }

  @FieldResolver(() => GraphQLDateTimeISO, {
    nullable: true,
    description:
      'From when mustEnrolSecondFactor will be true for this user, who has no second factor that counts. Null if the account does not require one from a later date on.',
  })
  async mustEnrolSecondFactorFrom(
    @Root() user: User,
    @Ctx() context: Context,
  ): Promise<Date | null> {
    const due = await this.factors.enrolmentDue((await this.ofUsers.load(user.id, context)) ?? [])
    return due instanceof Date ? due : null
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not reset the second factors of this user; null if they may.',
  })
  refusalToResetSecondFactor(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToResetSecondFactor)
  }

  @Mutation(() => RenameSecondFactorPayload, {
    description: 'Renames one of the caller’s second factors.',
  })
  @SignedIn()
  @SessionOnly()
  async renameSecondFactor(
    @Arg('input', () => RenameSecondFactorInput, {
      description: 'The second factor and its new name.',
    })
    input: RenameSecondFactorInput,
    @Ctx() context: Context,
  ): Promise<RenameSecondFactorPayload> {
    const caller = context.requireSession()
    const result = await this.factors.rename(caller, input.id, input.name, context.origin)
    const payload = new RenameSecondFactorPayload()
    if (result.kind === 'changed') payload.factor = new SecondFactor(result.factor, true)
    if (result.kind === 'notFound') payload.errors = [new SecondFactorNotFound(['id'])]
    if (result.kind === 'invalidName') payload.errors = [invalidName()]
    return payload
  }

  @Mutation(() => RemoveSecondFactorPayload, {
    description:
      'Removes one of the caller’s second factors. Removing the last one also removes the recovery codes and trusted devices. Rekey notifies the caller by mail.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async removeSecondFactor(
    @Arg('input', () => RemoveSecondFactorInput, { description: 'The second factor to remove.' })
    input: RemoveSecondFactorInput,
    @Ctx() context: Context,
  ): Promise<RemoveSecondFactorPayload> {
    const caller = context.requireSession()
    const result = await this.factors.remove(caller, input.id, context.origin)
    const payload = new RemoveSecondFactorPayload()
    if (result.kind === 'changed') {
      payload.removedId = result.factor.id
      payload.user = userOf(caller)
    }
    if (result.kind === 'notFound') payload.errors = [new SecondFactorNotFound(['id'])]
    if (result.kind === 'required') payload.errors = [new SecondFactorRequired()]
    return payload
  }

  @Mutation(() => RegenerateRecoveryCodesPayload, {
    description:
      'Replaces the caller’s recovery codes with ten new ones. The old codes stop working.',
  })
  @SignedIn()
  @RequireRecentProof()
  @SessionOnly()
  async regenerateRecoveryCodes(@Ctx() context: Context): Promise<RegenerateRecoveryCodesPayload> {
    const caller = context.requireSession()
    const payload = new RegenerateRecoveryCodesPayload()
    payload.codes = await this.factors.regenerateRecoveryCodes(caller, context.origin)
    if (payload.codes === null) payload.errors = [new SecondFactorNotFound([])]
    return payload
  }

  @Mutation(() => ResetSecondFactorPayload, {
    description:
      'Removes all second factors, recovery codes and trusted devices of a user, for example because they lost them. Requires users.manage. Callers cannot reset their own, or those of a user who outranks them. Rekey notifies the user by mail.',
  })
  @RequirePermission('users.manage', 'RESET_SECOND_FACTOR')
  @RequireRecentProof()
  async resetSecondFactor(
    @Arg('input', () => ResetSecondFactorInput, {
      description: 'The user whose second factors to reset.',
    })
    input: ResetSecondFactorInput,
    @Ctx() context: Context,
  ): Promise<ResetSecondFactorPayload> {
    const caller = context.requireSignedIn()
    const result = await this.factors.reset(caller, input.userId, context.origin)
    const payload = new ResetSecondFactorPayload()
    if (result.kind === 'reset') payload.user = userOf(result.user)
    if (result.kind === 'userNotFound') payload.errors = [new UserNotFound()]
    if (result.kind === 'accessDenied') {
      payload.errors = [new AccessDenied(result.reason, ['userId'])]
    }
    return payload
  }
}

/** The error for an invalid name. */
export const invalidName = (): InvalidField =>
  new InvalidField(text('second-factor.error.nameInvalid'), ['name'])
