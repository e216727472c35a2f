import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'
import { Public } from '../access/guards.js'
import type { Context } from '../graphql/context.js'
import { InvalidField } from '../graphql/user-error.type.js'
import { PasswordPolicyViolated } from '../passwords/password-policy.type.js'
import { userOf } from '../users/user.type.js'
import type { SetupService } from './setup.service.js'
import { SetUpOwnerInput, SetUpOwnerPayload, SetupLinkInvalid } from './setup.type.js'

/** Creates the first owner. */
@Resolver()
export class SetupResolver {
  constructor(private readonly setup: SetupService) {}

  @Query(() => Boolean, {
    description: 'Whether the first owner must still be created, because there is no user.',
  })
  setupRequired(): Promise<boolean> {
    return this.setup.required()
  }

  @Mutation(() => SetUpOwnerPayload, {
    description:
      'Creates the first owner of an empty Rekey and signs them in. Requires the token of the one-time link.',
  })
  @Public()
  async setUpOwner(
    @Arg('input', () => SetUpOwnerInput, { description: 'The token of the link, and the owner.' })
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
