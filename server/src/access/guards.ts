import type { Permission } from '@rekey/shared/access'
import type { GraphQLSchema } from 'graphql'
import { Extensions, type MiddlewareFn, UseMiddleware } from 'type-graphql'
import { forbidden, sessionRequired, unauthenticated } from '../graphql/api-error.js'
import type { Context } from '../graphql/context.js'
import type { OperationAction } from '../operations/operation.entity.js'
import { proofLastsMs, requireRecentProof } from '../reauthentication/recent-proof.js'
import type { Caller } from '../users/caller.js'
import { missingOf } from './require-permission.js'

/**
 * The requirements for calling a mutation. The guards are decorators of the mutation and write the
 * requirements into its `extensions`, where the schema build and the tests read them.
 */
export interface MutationRequirements {
  /** There are no requirements: anyone may call it. */
  readonly public?: true
  /** A caller with a session or an API token. */
  readonly signedIn?: true
  /** This permission. */
  readonly permission?: Permission
  /** A second permission, in addition to `permission`. */
  readonly furtherPermission?: Permission
  /** This permission, unless callers act on their own profile. */
  readonly permissionForOthers?: Permission
  /** A permission that depends on the input. */
  readonly permissionByInput?: true
  /** The caller may not use an API token. */
  readonly sessionOnly?: true
  /** A recent proof of identity. */
  readonly recentProof?: true
}

const guard = (
  requirements: MutationRequirements,
  check: MiddlewareFn<Context> = (_call, next) => next(),
): MethodDecorator => {
  const [declare, enforce] = [Extensions({ ...requirements }), UseMiddleware(check)]
  return (target, name, descriptor) => {
    declare(target, name, descriptor)
    enforce(target, name, descriptor)
  }
}

const requireCaller: MiddlewareFn<Context> = ({ context }, next) => {
  if (context.caller === null) throw unauthenticated()
  return next()
}

/** Anyone may call the mutation, signed in or not. */
export const Public = (): MethodDecorator => guard({ public: true })

/** Requires a caller: a session or an API token. UNAUTHENTICATED otherwise. */
export const SignedIn = (): MethodDecorator => guard({ signedIn: true }, requireCaller)

/**
 * Requires a permission: FORBIDDEN without it. The rejection is recorded under `action`, with the
 * user named in the input. `AccessGuard` checks again in the transaction of the work, because
 * permissions can change in between.
 *
 * @param further a second permission that is required in addition.
 */
export const RequirePermission = (
  permission: Permission,
  action: OperationAction,
  further?: Permission,
): MethodDecorator =>
  guard(
    { permission, ...(further && { furtherPermission: further }) },
    async ({ context, args }, next) => {
      const caller = context.requireSignedIn()
      const required = [permission, ...(further === undefined ? [] : [further])]
      const missing = missingOf(caller, required)
      if (missing === undefined) return next()
      await context.recordRefusal(action, args.input?.userId ?? null)
      throw forbidden(missing)
    },
  )

/**
 * Requires a caller, and a permission to act on another user. The service makes the decision,
 * because it knows the profile: the permission is not enough if that user has a higher rank.
 */
export const RequirePermissionForOthers = (permission: Permission): MethodDecorator =>
  guard({ permissionForOthers: permission }, requireCaller)

/**
 * Requires a caller, and a permission that depends on the input. The service checks it with
 * `AccessGuard`, which records a rejection.
 */
export const RequirePermissionByInput = (): MethodDecorator =>
  guard({ permissionByInput: true }, requireCaller)

/** Rejects API tokens with SESSION_REQUIRED: the mutation concerns how the caller signs in. */
export const SessionOnly = (): MethodDecorator =>
  guard({ sessionOnly: true }, ({ context }, next) => {
    if (context.caller?.apiToken) throw sessionRequired()
    return next()
  })

/**
 * Requires a recent proof of identity (OWASP ASVS 5.0, 7.5.1): REAUTHENTICATION_REQUIRED without
 * it. API tokens are exempt: their owner gave the proof when creating the token.
 *
 * @param isHarmless true for an input that requires no proof. The mutation's description names the
 * exception.
 */
export const RequireRecentProof = <Input>(
  isHarmless: (input: Input, caller: Caller) => boolean = () => false,
): MethodDecorator =>
  guard({ recentProof: true }, ({ context: { caller }, args }, next) => {
    if (caller !== null && !isHarmless(args.input as Input, caller)) requireRecentProof(caller)
    return next()
  })

/** The sentence that describes {@link SessionOnly}, also for queries that check it themselves. */
export const sessionOnlyDescription =
  'Requires a session: an API token is rejected with `SESSION_REQUIRED`.'

const recentProofDescription = `Requires a proof of identity that is at most ${proofLastsMs / 60_000} minutes old; otherwise \`REAUTHENTICATION_REQUIRED\`. \`reauthenticate\` creates one.`

/** The requirements of each mutation of a schema, by name. */
export const requirementsOf = (schema: GraphQLSchema): ReadonlyMap<string, MutationRequirements> =>
  new Map(
    Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, extensions }) => [
      name,
      extensions as MutationRequirements,
    ]),
  )

/**
 * Adds the guards of each mutation to its description.
 *
 * @throws if a mutation has no guard that says who may call it.
 */
export const describeGuards = (schema: GraphQLSchema): void => {
  const requirements = requirementsOf(schema)
  for (const mutation of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const found = requirements.get(mutation.name) ?? {}
    const { permission, permissionForOthers, permissionByInput } = found
    if (
      !(found.public || found.signedIn || permission || permissionForOthers || permissionByInput)
    ) {
      throw new Error(
        `${mutation.name} has no guard: add @Public, @SignedIn, @RequirePermission, @RequirePermissionForOthers or @RequirePermissionByInput (access/guards.ts).`,
      )
    }
    mutation.description = [
      mutation.description,
      ...(found.recentProof ? [recentProofDescription] : []),
      ...(found.sessionOnly ? [sessionOnlyDescription] : []),
    ].join('\n\n')
  }
}
