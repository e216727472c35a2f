import {
  type AccessRefusal,
  mayChangeLoginOf,
  mayChangePasswordOf,
  mayUpdateUser,
  refusalToChangePassword,
} from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { AccessRefusalEnum } from '../access/access-denied.type.js'
import { RequirePermissionForOthers } from '../access/guards.js'
import { requirePermission } from '../access/require-permission.js'
import { passwordChangeRequired, secondFactorEnrolmentRequired } from '../graphql/api-error.js'
import { type Context, refusalFor } from '../graphql/context.js'
import { MaxLength } from '../graphql/max-length.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { requireRecentProof } from '../reauthentication/recent-proof.js'
import { SharedMailbox } from './shared-mailbox.type.js'
import {
  ExternalIdTaken,
  LoginTaken,
  UpdateUserInput,
  UpdateUserPayload,
  UserChangedMeanwhile,
} from './update-user.type.js'
import { maxSharedMailboxes, type UserEditResult, type UserService } from './user.service.js'
import { User, userOf } from './user.type.js'

const errorsOf = (result: Exclude<UserEditResult, { kind: 'updated' }>) => {
  switch (result.kind) {
    case 'invalid':
      return result.problems.map(problem => new InvalidField(problem.message, [problem.field]))
    case 'loginTaken':
      return [new LoginTaken()]
    case 'externalIdTaken':
      return [new ExternalIdTaken()]
    case 'changedMeanwhile':
      return [new UserChangedMeanwhile(result.user)]
    case 'notFound':
      return [new UserNotFound()]
  }
}

/** Reads and edits users. */
@Resolver(() => User)
export class UserResolver {
  constructor(private readonly service: UserService) {}

  @Query(() => User, {
    nullable: true,
    description:
      'The caller: the signed-in user, or the owner of the API token with the permissions that the token leaves them. Null if the caller is not signed in.',
  })
  viewer(@Ctx() context: Context): User | null {
    if (context.caller === null) return null
    const options = { evenIfPasswordMustChange: true, evenIfSecondFactorMissing: true }
    return userOf(context.requireSignedIn(options))
  }

  @Query(() => User, {
    nullable: true,
    description:
      'The user with this id; null if there is none. For users other than the caller, requires users.read; otherwise FORBIDDEN.',
  })
  async user(
    @Arg('id', () => ID, { description: 'The user’s id.' }) id: string,
    @Ctx() context: Context,
  ): Promise<User | null> {
    // A user who must change their password sees their own profile behind the dialog.
    const caller = context.requireSignedIn({
      evenIfPasswordMustChange: true,
      evenIfSecondFactorMissing: true,
    })
    if (caller.mustChangePassword && caller.id !== id) throw passwordChangeRequired()
    if (caller.mustEnrolSecondFactor && caller.id !== id) throw secondFactorEnrolmentRequired()
    const user = await this.service.read(caller, id)
    return user === null ? null : userOf(user)
  }

  @Query(() => User, {
    nullable: true,
    description:
      'The user with this login, in any spelling; null if there is none. Requires users.read. `UserFilter.logins` finds many users at once.',
  })
  async userByLogin(
    @Arg('login', () => String, { description: 'The login, at most 1,000 characters.' })
    @MaxLength(1_000)
    login: string,
    @Ctx() context: Context,
  ): Promise<User | null> {
    requirePermission(context.requireSignedIn(), 'users.read')
    const user = await this.service.findByLogin(login)
    return user === null ? null : userOf(user)
  }

  @Query(() => [SharedMailbox], {
    description: `Mailboxes that are the login of several users; the first ${maxSharedMailboxes}. Empty unless an earlier version stored such users. Requires users.read and users.manage.`,
  })
  async sharedMailboxes(@Ctx() context: Context): Promise<SharedMailbox[]> {
    const found = await this.service.listSharedMailboxes(context.requireSignedIn())
    return found.map(users => new SharedMailbox(users))
  }

  @Mutation(() => UpdateUserPayload, {
    description:
      'Edits the caller’s own profile, or another user’s. Editing another user’s requires users.manage. That user’s role must not outrank the caller’s, and they must not hold a permission that the caller lacks. A new login ends the invitations and password resets that were sent to the former login. Changing a login requires that the caller proved their identity recently; otherwise `REAUTHENTICATION_REQUIRED`. Changing the caller’s own login requires a session; otherwise `SESSION_REQUIRED`.',
  })
  @RequirePermissionForOthers('users.manage')
  async updateUser(
    @Arg('input', () => UpdateUserInput, { description: 'The user and the fields to change.' })
    input: UpdateUserInput,
    @Ctx() context: Context,
  ): Promise<UpdateUserPayload> {
    const { login, firstName, lastName, phone, language } = input
    const fields = {
      ...(login == null ? {} : { login }),
      ...(firstName == null ? {} : { firstName }),
      ...(lastName == null ? {} : { lastName }),
      ...(phone === undefined ? {} : { phone }),
      ...(language == null ? {} : { language }),
    }
    const caller = context.requireSignedIn()
    const own = input.userId === caller.id
    const result = await this.service.update(
      caller,
      {
        userId: input.userId,
        version: input.version ?? undefined,
        fields,
        externalId: input.externalId,
        metadata: input.metadata,
      },
      context.origin,
      // A person with access to the mailbox of a login can take over the user with a password reset.
      () => requireRecentProof(own ? context.requireSession() : caller),
    )
    const payload = new UpdateUserPayload()
    if (result.kind === 'updated') payload.user = result.user && userOf(result.user)
    else payload.errors = errorsOf(result)
    return payload
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may edit this profile.' })
  viewerCanUpdate(@Root() user: User, @Ctx() context: Context): boolean {
    return context.caller !== null && mayUpdateUser(context.caller, user)
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may change this login.' })
  viewerCanChangeLogin(@Root() user: User, @Ctx() context: Context): boolean {
    return context.caller !== null && mayChangeLoginOf(context.caller, user)
  }

  @FieldResolver(() => Boolean, { description: 'Whether the caller may change this password.' })
  viewerCanChangePassword(@Root() user: User, @Ctx() context: Context): boolean {
    return context.caller !== null && mayChangePasswordOf(context.caller, user)
  }

  @FieldResolver(() => AccessRefusalEnum, {
    nullable: true,
    description: 'Why the caller may not change this password; null if they may.',
  })
  refusalToChangePassword(@Root() user: User, @Ctx() context: Context): AccessRefusal | null {
    return refusalFor(context, user, refusalToChangePassword)
  }
}
