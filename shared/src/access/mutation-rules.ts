import type { Permission } from './permissions.js'

/** Whether the caller's last proof of who they are must be recent; left out, it need not be. */
interface Reauthentication {
  readonly reauthentication?: true
}

/** Whether an API token can't do it: it takes a session, or nobody. Left out, it can. */
interface SessionOnly {
  readonly session?: true
}

/**
 * What calling a mutation takes: nothing, a signed-in caller, a permission, or a
 * permission for anyone but oneself; and perhaps a recent proof of who is calling, or
 * that they don't call by an API token.
 */
export type MutationRule =
  | 'ANYONE'
  | ({ readonly anyone: true } & SessionOnly)
  | ({ readonly signedIn: true } & Reauthentication & SessionOnly)
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
  logOut: { anyone: true, session: true },
  requestPasswordReset: 'ANYONE',
  resetPassword: 'ANYONE',
  activateUser: 'ANYONE',
  endSession: { signedIn: true, session: true },
  endOtherSessions: { signedIn: true, session: true },
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
  reauthenticate: { signedIn: true, session: true },
  answerChallenge: 'ANYONE',
  sendChallengeCode: 'ANYONE',
  beginPasskeySignIn: 'ANYONE',
  logInWithPasskey: 'ANYONE',
  beginReauthentication: { signedIn: true, session: true },
  // What begins an enrolment asks for the proof; what completes it takes the token of that.
  beginTotpEnrolment: { signedIn: true, session: true, reauthentication: true },
  confirmTotpEnrolment: { signedIn: true, session: true },
  beginPasskeyEnrolment: { signedIn: true, session: true, reauthentication: true },
  confirmPasskeyEnrolment: { signedIn: true, session: true },
  beginSmsEnrolment: { signedIn: true, session: true, reauthentication: true },
  confirmSmsEnrolment: { signedIn: true, session: true },
  renameSecondFactor: { signedIn: true, session: true },
  removeSecondFactor: { signedIn: true, session: true, reauthentication: true },
  regenerateRecoveryCodes: { signedIn: true, session: true, reauthentication: true },
  resetSecondFactor: { permission: 'users.manage', reauthentication: true },
  revokeTrustedDevice: { signedIn: true, session: true },
  revokeAllTrustedDevices: { signedIn: true, session: true },
  updateSecuritySettings: { permission: 'settings.manage', reauthentication: true },
  addAllowedAddress: { permission: 'settings.manage', reauthentication: true },
  removeAllowedAddress: { permission: 'settings.manage', reauthentication: true },
  createWebhook: { permission: 'webhooks.manage', reauthentication: true },
  updateWebhook: { permission: 'webhooks.manage', reauthentication: true },
  rotateWebhookSecret: { permission: 'webhooks.manage', reauthentication: true },
  deleteWebhook: { permission: 'webhooks.manage', reauthentication: true },
  testWebhook: { permission: 'webhooks.manage' },
  replayWebhookDelivery: { permission: 'webhooks.manage' },
  // Or a token could outlive itself, by one it made.
  createApiToken: { signedIn: true, session: true, reauthentication: true },
  revokeApiToken: { signedIn: true, session: true },
} as const satisfies Record<string, MutationRule>

/** A mutation of the API. */
export type MutationName = keyof typeof mutationRules

/**
 * True when a mutation asks the caller to prove again who they are, unless they just
 * did. `changePassword` is not among them: it asks for the password itself, always.
 */
export const needsReauthentication = (mutation: MutationName): boolean => {
  const rule: MutationRule = mutationRules[mutation]
  return typeof rule === 'object' && 'reauthentication' in rule && rule.reauthentication === true
}

/** True when a mutation can't be called by an API token: it is about how someone signs in. */
export const needsSession = (mutation: MutationName): boolean => {
  const rule: MutationRule = mutationRules[mutation]
  return typeof rule === 'object' && 'session' in rule && rule.session === true
}
