import type { OperationAction, OperationOutcome, OperationsQuery } from '../gql/graphql'
import { languageName, regionName } from '../ui/formats'

/** The names of the actions. */
export const actionNames: Record<OperationAction, string> = {
  LOG_IN: 'Sign in',
  CHALLENGE_LOG_IN: 'Sign in: second step required',
  LOG_OUT: 'Sign out',
  END_SESSION: 'End a session',
  END_OTHER_SESSIONS: 'End other sessions',
  REAUTHENTICATE: 'Confirm identity',
  CHANGE_PASSWORD: 'Change password',
  REQUEST_PASSWORD_RESET: 'Request password reset',
  RESET_PASSWORD: 'Reset password',
  UPDATE_USER: 'Edit profile',
  INVITE_USER: 'Invite user',
  PREVIEW_INVITATIONS: 'Check users to invite',
  RESEND_INVITATION: 'Resend invitation',
  REVOKE_INVITATION: 'Revoke invitation',
  ACTIVATE_USER: 'Activate',
  CHANGE_ACCESS: 'Change access',
  BLOCK_USER: 'Block user',
  UNBLOCK_USER: 'Unblock user',
  DELETE_USER: 'Delete user',
  ENROL_SECOND_FACTOR: 'Add second factor',
  RENAME_SECOND_FACTOR: 'Rename second factor',
  REMOVE_SECOND_FACTOR: 'Remove second factor',
  REGENERATE_RECOVERY_CODES: 'Replace recovery codes',
  RESET_SECOND_FACTOR: 'Reset second factor',
  REVOKE_TRUSTED_DEVICE: 'Revoke trusted device',
  REVOKE_ALL_TRUSTED_DEVICES: 'Revoke all trusted devices',
  UPDATE_SECURITY_SETTINGS: 'Change security settings',
  UPDATE_ACCOUNT_SETTINGS: 'Change account settings',
  ADD_ALLOWED_ADDRESS: 'Allow an address',
  REMOVE_ALLOWED_ADDRESS: 'Remove an allowed address',
  SET_UP_OWNER: 'Create the first owner',
  CREATE_WEBHOOK: 'Add webhook',
  UPDATE_WEBHOOK: 'Edit webhook',
  ROTATE_WEBHOOK_SECRET: 'Rotate webhook secret',
  DELETE_WEBHOOK: 'Delete webhook',
  TEST_WEBHOOK: 'Test webhook',
  REPLAY_WEBHOOK_DELIVERY: 'Replay webhook delivery',
  SEND_TEST_MAIL: 'Send test mail',
  RETRY_MAIL: 'Retry mail',
  DROP_MAIL: 'Drop mail',
  CREATE_API_TOKEN: 'Create API token',
  REVOKE_API_TOKEN: 'Revoke API token',
  ROTATE_SECRETS_KEY: 'Rotate secrets key',
  READ: 'Read',
}

/** The names of the outcomes. */
export const outcomeNames: Record<OperationOutcome, string> = { DONE: 'Done', REFUSED: 'Refused' }

// The server's texts are keys of maps: in an object, "constructor" would find a function.
const reasons = new Map([
  ['ADDRESS_NOT_ALLOWED', 'The address is not allowed'],
  ['ADDRESS_NOT_COVERED', 'Their own address would not be allowed'],
  ['BEYOND_OWN_ACCESS', 'Exceeds their own permissions'],
  ['BLOCKED', 'The user is blocked'],
  ['CURRENT_PASSWORD_INCORRECT', 'Wrong current password'],
  ['FORBIDDEN', 'Not permitted'],
  ['INVALID_CREDENTIALS', 'Wrong login or password'],
  ['LAST_OWNER', 'This is the last active owner'],
  ['OUTRANKED', 'The affected user outranks them'],
  ['PERMISSION_MISSING', 'Not permitted'],
  ['PHONE_NUMBERS_MISSING', 'Phone numbers are missing'],
  ['POLICY_VIOLATED', 'The new password breaks the policy'],
  ['SECOND_FACTOR_INCORRECT', 'Wrong second factor'],
  ['SELF', 'Not allowed on their own account'],
  ['TOO_MANY_ATTEMPTS', 'Too many attempts'],
])

/** The text of a refusal reason. Unknown codes are returned unchanged. */
export const reasonInWords = (reason: string): string => reasons.get(reason) ?? reason

const properties = new Map([
  ['apiTokenPrefix', 'Token'],
  ['defaultLanguage', 'Default language'],
  ['defaultRegion', 'Default region'],
  ['enabled', 'Enabled'],
  ['events', 'Events'],
  ['firstName', 'First name'],
  ['grantedPermissions', 'Granted'],
  ['ipAuthorization', 'IP authorization'],
  ['language', 'Language'],
  ['lastName', 'Last name'],
  ['login', 'Login'],
  ['mail', 'Mail'],
  ['method', 'Method'],
  ['permissions', 'Permissions'],
  ['phone', 'Phone'],
  ['range', 'Range'],
  ['role', 'Role'],
  ['secondFactor', 'Second factor'],
  ['secondFactorMethods', 'Methods'],
  ['trustedDevices', 'Trusted devices'],
  ['url', 'Webhook'],
  ['users', 'Users'],
  ['withdrawnPermissions', 'Withdrawn'],
])

const values = new Map([
  ['ADMIN', 'Admin'],
  ['DAY', '1 day'],
  ['MEMBER', 'Member'],
  ['MONTH', '30 days'],
  ['NEVER', 'never'],
  ['OFF', 'off'],
  ['OPTIONAL', 'optional'],
  ['OWNER', 'Owner'],
  ['PASSKEY', 'passkey'],
  ['PASSWORD', 'password'],
  ['RECOVERY_CODE', 'recovery code'],
  ['REQUIRED', 'required'],
  ['SMS', 'SMS'],
  ['TOTP', 'authenticator app'],
  ['WEEK', '1 week'],
  ['false', 'no'],
  ['true', 'yes'],
])

const namesOfValues = new Map([
  ['defaultLanguage', languageName],
  ['defaultRegion', regionName],
])

const valueInWords = ({ name }: { name: string }, value: string): string =>
  namesOfValues.get(name)?.(value) ??
  value
    .split(', ')
    .map(item => values.get(item) ?? item)
    .join(', ')

const propertyOf = ({ name }: { name: string }): string => properties.get(name) ?? name

/**
 * The changes of an operation as text, one line for each property. Properties without values
 * share one line.
 */
export const changesInWords = (
  changes: OperationsQuery['operations']['nodes'][number]['changes'],
): string[] => {
  const lines: string[] = []
  const names: string[] = []
  for (const change of changes) {
    const { from = null, to = null } = change
    if (from === null && to === null) {
      names.push(propertyOf(change))
    } else if (from === null || from === to) {
      lines.push(`${propertyOf(change)}: ${valueInWords(change, to ?? '')}`)
    } else {
      lines.push(
        `${propertyOf(change)}: ${valueInWords(change, from)} → ${to === null ? 'none' : valueInWords(change, to)}`,
      )
    }
  }
  return names.length === 0 ? lines : [...lines, names.join(', ')]
}
