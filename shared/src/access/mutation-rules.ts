import type { Permission } from './permissions.js'

/**
 * What calling a mutation takes: nothing, a signed-in caller, a permission, or a
 * permission for anyone but oneself.
 */
export type MutationRule =
  | 'ANYONE'
  | 'SIGNED_IN'
  | { readonly permission: Permission }
  | { readonly permissionForOthers: Permission }

/**
 * The rule of every mutation of the API. The schema can't be built with a mutation
 * that is not here. What the rules in `access.ts` ask beyond the permission, such as
 * rank, comes on top.
 */
export const mutationRules = {
  setUpOwner: 'ANYONE',
  logIn: 'ANYONE',
  logOut: 'ANYONE',
  requestPasswordReset: 'ANYONE',
  resetPassword: 'ANYONE',
  activateUser: 'ANYONE',
  endSession: 'SIGNED_IN',
  endOtherSessions: 'SIGNED_IN',
  changePassword: { permissionForOthers: 'users.manage' },
  updateUser: { permissionForOthers: 'users.manage' },
  inviteUser: { permission: 'users.invite' },
  inviteUsers: { permission: 'users.invite' },
  resendInvitation: { permission: 'users.invite' },
  revokeInvitation: { permission: 'users.invite' },
  blockUsers: { permission: 'users.manage' },
  unblockUsers: { permission: 'users.manage' },
  changeRoles: { permission: 'access.manage' },
  changeAccess: { permission: 'access.manage' },
  deleteUser: { permission: 'users.delete' },
  createWebhook: { permission: 'webhooks.manage' },
  updateWebhook: { permission: 'webhooks.manage' },
  rotateWebhookSecret: { permission: 'webhooks.manage' },
  deleteWebhook: { permission: 'webhooks.manage' },
  testWebhook: { permission: 'webhooks.manage' },
  replayWebhookDelivery: { permission: 'webhooks.manage' },
} as const satisfies Record<string, MutationRule>

/** A mutation of the API. */
export type MutationName = keyof typeof mutationRules
