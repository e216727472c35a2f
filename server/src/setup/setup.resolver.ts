import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { Public } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { userOf } from '../users/user.type.js'
import type { SetupService } from './setup.service.js'
import { SetUpOwnerInput, SetUpOwnerPayload, SetupLinkInvalid } from './setup.type.js'

/** Makes the first owner. */
@Resolver()
export class SetupResolver {
  constructor(private readonly setup: SetupService) {}

  @Query(() => Boolean, {
    description: 'Whether there is no user at all, so that the first owner is still to be made.',
  })
  setupRequired(): Promise<boolean> {
    return this.setup.required()
  }

  @Mutation(() => SetUpOwnerPayload, {
    description:
      'Makes the first owner of an empty Rekey, for whoever holds the one-time link, and signs them in.',
  })
  @Public()
  async setUpOwner(
    @Arg('input', () => SetUpOwnerInput, { description: 'The link’s token and the owner.' })
    input: SetUpOwnerInput,
    @Ctx() context: Context,
  ): Promise<SetUpOwnerPayload> {
    const result = await this.setup.setUpOwner(input, context.sessionToken, context.origin)
    const payload = new SetUpOwnerPayload()
    if (result.kind === 'done') {
      context.cookies.set({ session: result.token })
      context.cookies.set({ device: result.deviceToken })
      payload.user = userOf(result.user)
    } else if (result.kind === 'linkInvalid') {
      payload.errors = [new SetupLinkInvalid()]
    } else {
      payload.errors = result.problems.map(
        problem => new InvalidField(problem.message, [problem.field]),
      )
      if (result.violations.length > 0) {
        payload.errors.push(new PasswordPolicyViolated(result.violations, ['password']))
      }
    }
    return payload
  }
}
