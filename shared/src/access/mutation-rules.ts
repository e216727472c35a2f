import type { Permission } from './permissions.js'

/** Whether the caller's last proof of who they are must be recent; left out, it need not be. */
interface Reauthentication {
  readonly reauthentication?: true
}

/**
 * What calling a mutation takes: nothing, a signed-in caller, a permission, or a
 * permission for anyone but oneself; and perhaps a recent proof of who is calling.
 */
export type MutationRule =
  | 'ANYONE'
  | 'SIGNED_IN'
  | ({ readonly signedIn: true } & Reauthentication)
  | ({ readonly permission: Permission } & Reauthentication)
  | ({ readonly permissionForOthers: Permission } & Reauthentication)

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
  changeRoles: { permission: 'access.manage', reauthentication: true },
  changeAccess: { permission: 'access.manage', reauthentication: true },
  deleteUser: { permission: 'users.delete', reauthentication: true },
  reauthenticate: 'SIGNED_IN',
  answerChallenge: 'ANYONE',
  sendChallengeCode: 'ANYONE',
  beginPasskeySignIn: 'ANYONE',
  logInWithPasskey: 'ANYONE',
  beginReauthentication: 'SIGNED_IN',
  // What begins an enrolment asks for the proof; what completes it takes the token of that.
  beginTotpEnrolment: { signedIn: true, reauthentication: true },
  confirmTotpEnrolment: 'SIGNED_IN',
  beginPasskeyEnrolment: { signedIn: true, reauthentication: true },
  confirmPasskeyEnrolment: 'SIGNED_IN',
  beginSmsEnrolment: { signedIn: true, reauthentication: true },
  confirmSmsEnrolment: 'SIGNED_IN',
  renameSecondFactor: 'SIGNED_IN',
  removeSecondFactor: { signedIn: true, reauthentication: true },
  regenerateRecoveryCodes: { signedIn: true, reauthentication: true },
  resetSecondFactor: { permission: 'users.manage', reauthentication: true },
  revokeTrustedDevice: 'SIGNED_IN',
  revokeAllTrustedDevices: 'SIGNED_IN',
  updateSecuritySettings: { permission: 'settings.manage', reauthentication: true },
  addAllowedAddress: { permission: 'settings.manage', reauthentication: true },
  removeAllowedAddress: { permission: 'settings.manage', reauthentication: true },
  createWebhook: { permission: 'webhooks.manage', reauthentication: true },
  updateWebhook: { permission: 'webhooks.manage', reauthentication: true },
  rotateWebhookSecret: { permission: 'webhooks.manage', reauthentication: true },
  deleteWebhook: { permission: 'webhooks.manage', reauthentication: true },
  testWebhook: { permission: 'webhooks.manage' },
  replayWebhookDelivery: { permission: 'webhooks.manage' },
} as const satisfies Record<string, MutationRule>

/** A mutation of the API. */
export type MutationName = keyof typeof mutationRules

/**
 * True when a mutation asks the caller to prove again who they are, unless they just
 * did. `changePassword` is not among them: it asks for the password itself, always.
 */
export const needsReauthentication = (mutation: MutationName): boolean => {
  const rule: MutationRule = mutationRules[mutation]
  return typeof rule === 'object' && rule.reauthentication === true
}
