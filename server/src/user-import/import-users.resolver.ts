import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'
import { RequirePermission, RequireRecentProof } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { givenUserOf } from '../invitations/invitation.type.js'
import type { ImportUsersService } from './import-users.service.js'
import { ImportUsersInput, ImportUsersPayload } from './import-users.type.js'

/** Imports users from another system. */
@Resolver()
export class ImportUsersResolver {
  constructor(private readonly imports: ImportUsersService) {}

  @Mutation(() => ImportUsersPayload, {
    description: `Adds users of another system, who keep their passwords. They are active at once. Requires users.import and users.invite. Callers cannot grant more access than they have.

Returns a result for each user: valid users are imported even if others are rejected. Only new logins are imported; existing users stay as they are. docs/api.md lists the accepted formats of \`passwordHash\`. With \`dryRun\`, the mutation returns the results but imports nobody, and it requires no recent proof of identity.

GraphQL errors: \`RATE_LIMITED\` if mails are sent and the caller or a mailbox has reached the limit of invitations for a day. Then nobody is imported.`,
  })
  @RequirePermission('users.import', 'IMPORT_USER', 'users.invite')
  @RequireRecentProof<ImportUsersInput>(({ dryRun }) => dryRun ?? false)
  async importUsers(
    @Arg('input', () => ImportUsersInput, { description: 'The users to import.' })
    input: ImportUsersInput,
    @Ctx() context: Context,
  ): Promise<ImportUsersPayload> {
    const users = input.users.map(user => ({
      ...givenUserOf(user),
      passwordHash: user.passwordHash,
      passwordChangedAt: user.passwordChangedAt ?? null,
    }))
    const options = { dryRun: input.dryRun ?? false, sendMail: input.sendMail ?? true }
    const caller = context.requireSignedIn()
    return new ImportUsersPayload(
      await this.imports.importAll(caller, users, options, context.origin),
    )
  }
}
