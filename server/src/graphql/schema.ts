import { mutationRules } from '@rekey/shared/access'
import type { GraphQLObjectType, GraphQLSchema } from 'graphql'
import { buildSchemaSync, type ClassType } from 'type-graphql'
import { ApiTokenResolver } from '../api-tokens/api-token.resolver.js'
import { askForSession } from '../api-tokens/session-only.js'
import { noteSettledMutations } from '../idempotency/settled-mutations.js'
import { ActivationResolver } from '../invitations/activation.resolver.js'
import { InvitationResolver } from '../invitations/invitation.resolver.js'
import { IpAuthorizationResolver } from '../ip-authorization/ip-authorization.resolver.js'
import { OneTimeLinkResolver } from '../one-time-links/one-time-link.resolver.js'
import { OperationResolver } from '../operations/operation.resolver.js'
import { ChangePasswordResolver } from '../passwords/change-password.resolver.js'
import { PasswordPolicyResolver } from '../passwords/password-policy.resolver.js'
import { ResetPasswordResolver } from '../passwords/reset-password.resolver.js'
import { ReauthenticationResolver } from '../reauthentication/reauthentication.resolver.js'
import { askForRecentProof } from '../reauthentication/recent-proof.js'
import { EnrolmentResolver } from '../second-factor/enrolment.resolver.js'
import { SecondFactorResolver } from '../second-factor/second-factor.resolver.js'
import { SignInChallengeResolver } from '../second-factor/sign-in-challenge.resolver.js'
import { SessionResolver } from '../sessions/session.resolver.js'
import { SettingsResolver } from '../settings/settings.resolver.js'
import { SetupResolver } from '../setup/setup.resolver.js'
import { TrustedDeviceResolver } from '../trusted-devices/trusted-device.resolver.js'
import { AccessResolver } from '../user-management/access.resolver.js'
import { DeleteUserResolver } from '../user-management/delete-user.resolver.js'
import { UserStatusResolver } from '../user-management/user-status.resolver.js'
import { UserSearchResolver } from '../user-search/user-search.resolver.js'
import { UserResolver } from '../users/user.resolver.js'
import { WebhookDeliveryResolver, WebhookResolver } from '../webhooks/webhook.resolver.js'

const resolvers = [
  UserResolver,
  UserSearchResolver,
  UserStatusResolver,
  DeleteUserResolver,
  AccessResolver,
  InvitationResolver,
  ActivationResolver,
  PasswordPolicyResolver,
  SessionResolver,
  ChangePasswordResolver,
  ResetPasswordResolver,
  OneTimeLinkResolver,
  SetupResolver,
  OperationResolver,
  SignInChallengeResolver,
  EnrolmentResolver,
  SecondFactorResolver,
  TrustedDeviceResolver,
  ReauthenticationResolver,
  SettingsResolver,
  IpAuthorizationResolver,
  WebhookResolver,
  WebhookDeliveryResolver,
  ApiTokenResolver,
] as const

/** Every resolver, made with its services. */
export type ResolverInstances = ReadonlyMap<ClassType, object>

const describe = (type: GraphQLObjectType | null | undefined, description: string): void => {
  if (type) type.description = description
}

/**
 * The schema. Without instances it can be printed but not executed.
 *
 * @throws when a mutation has no rule that tells what it takes.
 */
export const createSchema = (instances: ResolverInstances = new Map()): GraphQLSchema => {
  const schema = buildSchemaSync({
    resolvers: [...resolvers],
    // class-validator's errors quote what they saw, and we handle passwords; the
    // services check what needs checking.
    validate: false,
    // Apollo Server checks it as well, and without asking the whole of it by introspection.
    skipCheck: true,
    container: {
      get: (resolver: ClassType) => {
        const instance = instances.get(resolver)
        if (instance === undefined) throw new Error(`${resolver.name} was not made.`)
        return instance
      },
    },
  })
  // type-graphql has no place for these two.
  describe(schema.getQueryType(), 'What can be read. It changes nothing, and can be asked again.')
  describe(
    schema.getMutationType(),
    'What can be done. Each has a payload, whose `errors` are what the person can mend; they are empty when it was done.',
  )
  for (const mutation of Object.keys(schema.getMutationType()?.getFields() ?? {})) {
    if (!Object.hasOwn(mutationRules, mutation)) {
      throw new Error(`mutationRules in shared/access says nothing of ${mutation}.`)
    }
  }
  askForRecentProof(schema)
  askForSession(schema)
  noteSettledMutations(schema)
  return schema
}
