import { mayChangeLoginOf, mayChangePasswordOf, mayUpdateUser } from '@rekey/shared/access'
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import { RequirePermissionForOthers } from '../access/guards.js'
import { passwordChangeRequired, secondFactorEnrolmentRequired } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import { InvalidField, UserNotFound } from '../graphql/user-error.type.js'
import { requireRecentProof } from '../reauthentication/recent-proof.js'
import { SharedMailbox } from './shared-mailbox.type.js'
import {
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
      'Who is calling: signed in, or the owner of the API token, with the permissions it leaves them. Null when nobody is.',
  })
  viewer(@Ctx() context: Context): User | null {
    if (context.caller === null) return null
    const options = { evenIfPasswordMustChange: true, evenIfSecondFactorMissing: true }
    return userOf(context.requireSignedIn(options))
  }

  @Query(() => User, {
    nullable: true,
    description:
      'One user; null when there is none. Others than oneself take users.read, else FORBIDDEN.',
  })
  async user(
    @Arg('id', () => ID, { description: 'The user’s id.' }) id: string,
    @Ctx() context: Context,
  ): Promise<User | null> {
    // Their own profile is what someone who must change their password sees beneath the dialog.
    const caller = context.requireSignedIn({
      evenIfPasswordMustChange: true,
      evenIfSecondFactorMissing: true,
    })
    if (caller.mustChangePassword && caller.id !== id) throw passwordChangeRequired()
    if (caller.mustEnrolSecondFactor && caller.id !== id) throw secondFactorEnrolmentRequired()
    const user = await this.service.read(caller, id)
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
      'Edits a profile: one’s own or, with users.manage, that of someone whose role is not higher and who holds no permission that one does not. With its login, invitations and password resets end that were sent to the one it was; changing it takes a recent proof, else `REAUTHENTICATION_REQUIRED`, and changing one’s own a session, else `SESSION_REQUIRED`.',
  })
  @RequirePermissionForOthers('users.manage')
  async updateUser(
    @Arg('input', () => UpdateUserInput, { description: 'What to change.' }) input: UpdateUserInput,
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
      { userId: input.userId, version: input.version ?? undefined, fields },
      context.origin,
      // Whoever has the mailbox of a login can become its user, by a forgotten password.
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
}
