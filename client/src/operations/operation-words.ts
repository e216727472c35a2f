import { listPermissions } from '../access/access-words'
import type { BulkAction, OperationAction, OperationOutcome, OperationsQuery } from '../gql/graphql'
import type { Locale, PlainMessageId, Translate } from '../messages/locale'
import { profileFieldMessages } from '../users/profile-edit'

type WordsLocale = Pick<Locale, 'formatMoment' | 't' | 'formatList' | 'languageName' | 'regionName'>

/** The names of the actions. */
export const actionMessages: Record<OperationAction, PlainMessageId> = {
  LOG_IN: 'operations.action.LOG_IN',
  CHALLENGE_LOG_IN: 'operations.action.CHALLENGE_LOG_IN',
  LOG_OUT: 'operations.action.LOG_OUT',
  END_SESSION: 'operations.action.END_SESSION',
  END_OTHER_SESSIONS: 'operations.action.END_OTHER_SESSIONS',
  REAUTHENTICATE: 'operations.action.REAUTHENTICATE',
  CHANGE_PASSWORD: 'operations.action.CHANGE_PASSWORD',
  REQUEST_PASSWORD_RESET: 'operations.action.REQUEST_PASSWORD_RESET',
  RESET_PASSWORD: 'operations.action.RESET_PASSWORD',
  SEND_PASSWORD_RESET_LINK: 'operations.action.SEND_PASSWORD_RESET_LINK',
  CREATE_PASSWORD_RESET_LINK: 'operations.action.CREATE_PASSWORD_RESET_LINK',
  REQUIRE_PASSWORD_CHANGE: 'operations.action.REQUIRE_PASSWORD_CHANGE',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'operations.action.WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
  SIGN_OUT_USER: 'operations.action.SIGN_OUT_USER',
  SECURE_USER: 'operations.action.SECURE_USER',
  UPDATE_USER: 'operations.action.UPDATE_USER',
  INVITE_USER: 'operations.action.INVITE_USER',
  PREVIEW_INVITATIONS: 'operations.action.PREVIEW_INVITATIONS',
  IMPORT_USER: 'operations.action.IMPORT_USER',
  PREVIEW_IMPORT: 'operations.action.PREVIEW_IMPORT',
  RESEND_INVITATION: 'operations.action.RESEND_INVITATION',
  REVOKE_INVITATION: 'operations.action.REVOKE_INVITATION',
  CREATE_INVITATION_LINK: 'operations.action.CREATE_INVITATION_LINK',
  ACTIVATE_USER: 'operations.action.ACTIVATE_USER',
  CHANGE_ACCESS: 'operations.action.CHANGE_ACCESS',
  BLOCK_USER: 'operations.action.BLOCK_USER',
  UNBLOCK_USER: 'operations.action.UNBLOCK_USER',
  DELETE_USER: 'operations.action.DELETE_USER',
  REQUEST_OWN_DELETION: 'operations.action.REQUEST_OWN_DELETION',
  CANCEL_OWN_DELETION: 'operations.action.CANCEL_OWN_DELETION',
  START_BULK_JOB: 'operations.action.START_BULK_JOB',
  CANCEL_BULK_JOB: 'operations.action.CANCEL_BULK_JOB',
  EXPORT_USERS: 'operations.action.EXPORT_USERS',
  ENROL_SECOND_FACTOR: 'operations.action.ENROL_SECOND_FACTOR',
  RENAME_SECOND_FACTOR: 'operations.action.RENAME_SECOND_FACTOR',
  REMOVE_SECOND_FACTOR: 'operations.action.REMOVE_SECOND_FACTOR',
  REGENERATE_RECOVERY_CODES: 'operations.action.REGENERATE_RECOVERY_CODES',
  RESET_SECOND_FACTOR: 'operations.action.RESET_SECOND_FACTOR',
  REVOKE_TRUSTED_DEVICE: 'operations.action.REVOKE_TRUSTED_DEVICE',
  REVOKE_ALL_TRUSTED_DEVICES: 'operations.action.REVOKE_ALL_TRUSTED_DEVICES',
  UPDATE_SECURITY_SETTINGS: 'operations.action.UPDATE_SECURITY_SETTINGS',
  UPDATE_ACCOUNT_SETTINGS: 'operations.action.UPDATE_ACCOUNT_SETTINGS',
  UPDATE_PASSWORD_POLICY: 'operations.action.UPDATE_PASSWORD_POLICY',
  UPDATE_PASSWORD_AGE: 'operations.action.UPDATE_PASSWORD_AGE',
  UPDATE_SETUP_CHECKLIST: 'operations.action.UPDATE_SETUP_CHECKLIST',
  UPDATE_OPERATION_RETENTION: 'operations.action.UPDATE_OPERATION_RETENTION',
  DELETE_OPERATIONS: 'operations.action.DELETE_OPERATIONS',
  UPDATE_ACCOUNT_LOOK: 'operations.action.UPDATE_ACCOUNT_LOOK',
  UPDATE_OWN_DELETION: 'operations.action.UPDATE_OWN_DELETION',
  ADD_ALLOWED_ADDRESS: 'operations.action.ADD_ALLOWED_ADDRESS',
  REMOVE_ALLOWED_ADDRESS: 'operations.action.REMOVE_ALLOWED_ADDRESS',
  SET_UP_OWNER: 'operations.action.SET_UP_OWNER',
  CREATE_WEBHOOK: 'operations.action.CREATE_WEBHOOK',
  UPDATE_WEBHOOK: 'operations.action.UPDATE_WEBHOOK',
  DISABLE_WEBHOOK: 'operations.action.DISABLE_WEBHOOK',
  ROTATE_WEBHOOK_SECRET: 'operations.action.ROTATE_WEBHOOK_SECRET',
  DELETE_WEBHOOK: 'operations.action.DELETE_WEBHOOK',
  TEST_WEBHOOK: 'operations.action.TEST_WEBHOOK',
  REPLAY_WEBHOOK_DELIVERY: 'operations.action.REPLAY_WEBHOOK_DELIVERY',
  SEND_TEST_MAIL: 'operations.action.SEND_TEST_MAIL',
  RETRY_MAIL: 'operations.action.RETRY_MAIL',
  DROP_MAIL: 'operations.action.DROP_MAIL',
  CREATE_API_TOKEN: 'operations.action.CREATE_API_TOKEN',
  REVOKE_API_TOKEN: 'operations.action.REVOKE_API_TOKEN',
  ROTATE_SECRETS_KEY: 'operations.action.ROTATE_SECRETS_KEY',
  READ: 'operations.action.READ',
}

/** The names of the outcomes. */
export const outcomeMessages: Record<OperationOutcome, PlainMessageId> = {
  DONE: 'operations.outcome.DONE',
  REFUSED: 'operations.outcome.REFUSED',
}

// The server's texts are keys of maps: in an object, "constructor" would find a function.
const reasonMessages = new Map<string, PlainMessageId>([
  ['NOT_ALLOWED', 'operations.value.NOT_ALLOWED'],
  ['ADDRESS_NOT_ALLOWED', 'operations.reason.ADDRESS_NOT_ALLOWED'],
  ['ADDRESS_NOT_COVERED', 'operations.reason.ADDRESS_NOT_COVERED'],
  ['API_TOKEN_INVALID', 'operations.reason.API_TOKEN_INVALID'],
  ['BEYOND_OWN_ACCESS', 'operations.reason.BEYOND_OWN_ACCESS'],
  ['BLOCKED', 'operations.reason.BLOCKED'],
  ['CURRENT_PASSWORD_INCORRECT', 'operations.reason.CURRENT_PASSWORD_INCORRECT'],
  ['FORBIDDEN', 'operations.reason.FORBIDDEN'],
  ['INVALID_CREDENTIALS', 'operations.reason.INVALID_CREDENTIALS'],
  ['LAST_OWNER', 'operations.reason.LAST_OWNER'],
  ['LOGIN_CHANGED', 'operations.reason.LOGIN_CHANGED'],
  ['LOGIN_NOT_VERIFIED', 'operations.reason.LOGIN_NOT_VERIFIED'],
  ['OUTRANKED', 'operations.reason.OUTRANKED'],
  ['PASSWORD_EXPIRED', 'operations.reason.PASSWORD_EXPIRED'],
  ['PERMISSION_MISSING', 'operations.reason.PERMISSION_MISSING'],
  ['PHONE_NUMBERS_MISSING', 'operations.reason.PHONE_NUMBERS_MISSING'],
  ['POLICY_VIOLATED', 'operations.reason.POLICY_VIOLATED'],
  ['SECOND_FACTOR_INCORRECT', 'operations.reason.SECOND_FACTOR_INCORRECT'],
  ['SELF', 'operations.reason.SELF'],
  ['STARTER_NOT_ACTIVE', 'operations.reason.STARTER_NOT_ACTIVE'],
  ['STARTER_RESTRICTED', 'operations.reason.STARTER_RESTRICTED'],
  ['TOO_MANY_ATTEMPTS', 'operations.reason.TOO_MANY_ATTEMPTS'],
])

/** The text of a value of the server. Unknown values are returned unchanged. */
const textOf = (t: Translate, messages: ReadonlyMap<string, PlainMessageId>, value: string) => {
  const message = messages.get(value)
  return message === undefined ? value : t(message)
}

// What an operation has instead of an address.
const sourceMessages = new Map<string, PlainMessageId>([
  ['command line', 'operations.source.commandLine'],
  ['hidden', 'operations.source.hidden'],
  ['server', 'operations.source.server'],
  ['unknown', 'operations.source.unknown'],
])

/** The text of the address of an operation. Addresses are returned unchanged. */
export const sourceInWords = (t: Translate, ip: string): string => textOf(t, sourceMessages, ip)

/** The user who did an operation, or what did it if nobody was signed in. */
export const actorInWords = (
  t: Translate,
  { actorName, ip }: { actorName?: string | null; ip: string },
): string => {
  if (actorName != null) return actorName
  return ['command line', 'server'].includes(ip)
    ? sourceInWords(t, ip)
    : t('operations.table.notSignedIn')
}

/** The text of a refusal reason. Unknown codes are returned unchanged. */
export const reasonInWords = (t: Translate, reason: string): string =>
  textOf(t, reasonMessages, reason)

const propertyMessages = new Map<string, PlainMessageId>([
  ...Object.entries(profileFieldMessages),
  ['BREACHED', 'settings.passwordPolicy.rule.BREACHED'],
  ['COMMON', 'settings.passwordPolicy.rule.COMMON'],
  ['CONTAINS_LOGIN', 'settings.passwordPolicy.rule.CONTAINS_LOGIN'],
  ['CONTEXT_WORD', 'settings.passwordPolicy.rule.CONTEXT_WORD'],
  ['INVALID_CHARACTER', 'settings.passwordPolicy.rule.INVALID_CHARACTER'],
  ['LOWERCASE', 'settings.passwordPolicy.rule.LOWERCASE'],
  ['MAX_LENGTH', 'settings.passwordPolicy.rule.MAX_LENGTH'],
  ['MIN_LENGTH', 'settings.passwordPolicy.rule.MIN_LENGTH'],
  ['NUMBER', 'settings.passwordPolicy.rule.NUMBER'],
  ['REUSED', 'settings.passwordPolicy.rule.REUSED'],
  ['SAME_AS_CURRENT', 'settings.passwordPolicy.rule.SAME_AS_CURRENT'],
  ['SPECIAL', 'settings.passwordPolicy.rule.SPECIAL'],
  ['UPPERCASE', 'settings.passwordPolicy.rule.UPPERCASE'],
  ['accentColor', 'operations.property.accentColor'],
  ['action', 'operations.property.action'],
  ['apiTokenMaxDays', 'operations.property.apiTokenMaxDays'],
  ['apiTokenPrefix', 'operations.property.apiTokenPrefix'],
  ['apiTokensRestored', 'operations.property.apiTokensRestored'],
  ['apiTokensRevoked', 'operations.property.apiTokensRevoked'],
  ['apiTokensShortened', 'operations.property.apiTokensShortened'],
  ['cause', 'operations.property.reason'],
  ['breachCheckFailed', 'operations.property.breachCheckFailed'],
  ['defaultLanguage', 'operations.property.defaultLanguage'],
  ['defaultRegion', 'operations.property.defaultRegion'],
  ['deletedUpTo', 'operations.property.deletedUpTo'],
  ['deletedUpToHash', 'operations.property.deletedUpToHash'],
  ['enabled', 'operations.property.enabled'],
  ['events', 'operations.property.events'],
  ['grantedPermissions', 'operations.property.grantedPermissions'],
  ['hasSecondFactor', 'operations.property.hasSecondFactor'],
  ['ipAuthorization', 'operations.property.ipAuthorization'],
  ['keepDays', 'operations.property.keepDays'],
  ['logo', 'operations.property.logo'],
  ['mail', 'operations.property.mail'],
  ['metadata', 'operations.property.metadata'],
  ['method', 'operations.property.method'],
  ['mustChangePassword', 'operations.property.mustChangePassword'],
  ['passwordOlderThanDays', 'operations.property.passwordOlderThanDays'],
  ['name', 'operations.property.name'],
  ['newPlace', 'operations.property.newPlace'],
  ['ownDeletion', 'operations.property.ownDeletion'],
  ['permissions', 'operations.property.permissions'],
  ['range', 'operations.property.range'],
  ['reason', 'operations.property.reason'],
  ['role', 'operations.property.role'],
  ['roles', 'operations.property.roles'],
  ['search', 'operations.property.search'],
  ['secondFactor', 'operations.property.secondFactor'],
  ['secondFactorMethods', 'operations.property.secondFactorMethods'],
  ['secondFactorRequiredFrom', 'operations.property.secondFactorRequiredFrom'],
  ['skippedSteps', 'operations.property.skippedSteps'],
  ['statuses', 'operations.property.statuses'],
  ['total', 'operations.property.total'],
  ['trustedDevices', 'operations.property.trustedDevices'],
  ['url', 'operations.property.url'],
  ['users', 'operations.property.users'],
  ['withdrawnPermissions', 'operations.property.withdrawnPermissions'],
])

const bulkActionMessages: Record<BulkAction, PlainMessageId> = {
  BLOCK: 'operations.action.BLOCK_USER',
  DELETE: 'operations.action.DELETE_USER',
  REQUIRE_PASSWORD_CHANGE: 'operations.action.REQUIRE_PASSWORD_CHANGE',
  RESEND_INVITATION: 'operations.action.RESEND_INVITATION',
  SEND_PASSWORD_RESET_LINK: 'operations.action.SEND_PASSWORD_RESET_LINK',
  SIGN_OUT: 'operations.action.SIGN_OUT_USER',
  WITHDRAW_PASSWORD_CHANGE_REQUIREMENT: 'operations.action.WITHDRAW_PASSWORD_CHANGE_REQUIREMENT',
}

const valueMessages = new Map<string, PlainMessageId>([
  ...Object.entries(bulkActionMessages),
  ['ADMIN', 'access.role.ADMIN'],
  ['ALLOWED_ADDRESSES', 'home.setup.ALLOWED_ADDRESSES'],
  ['BACKUP', 'home.setup.BACKUP'],
  ['BROWSER', 'operations.value.BROWSER'],
  ['DAY', 'operations.value.DAY'],
  ['FILE', 'operations.value.FILE'],
  ['FAILING', 'operations.value.FAILING'],
  ['GONE', 'operations.value.GONE'],
  ['INVITATION', 'home.setup.INVITATION'],
  ['MAIL', 'home.setup.MAIL'],
  ['LAST_OWNER', 'operations.reason.LAST_OWNER'],
  ['MEMBER', 'access.role.MEMBER'],
  ['MONTH', 'operations.value.MONTH'],
  ['NETWORK', 'operations.value.NETWORK'],
  ['NEVER', 'operations.value.NEVER'],
  ['NOT_ACTIVE', 'operations.value.NOT_ACTIVE'],
  ['NOT_ALLOWED', 'operations.value.NOT_ALLOWED'],
  ['OFF', 'operations.value.OFF'],
  ['ON', 'operations.value.ON'],
  ['OPTIONAL', 'operations.value.OPTIONAL'],
  ['OWNER', 'access.role.OWNER'],
  ['PASSKEY', 'operations.value.PASSKEY'],
  ['PASSWORD', 'operations.value.PASSWORD'],
  ['RANGE_SERVICE', 'operations.value.RANGE_SERVICE'],
  ['RECOVERY_CODE', 'operations.value.RECOVERY_CODE'],
  ['REQUIRED', 'operations.value.REQUIRED'],
  ['SECOND_FACTOR', 'home.setup.SECOND_FACTOR'],
  ['SECURED', 'operations.action.SECURE_USER'],
  ['SMS', 'operations.value.SMS'],
  ['TOTP', 'operations.value.TOTP'],
  ['WEEK', 'operations.value.WEEK'],
  ['false', 'operations.value.false'],
  ['true', 'operations.value.true'],
])

const valueInWords = (locale: WordsLocale, name: string, value: string): string => {
  if (name === 'defaultLanguage') return locale.languageName(value)
  if (name === 'defaultRegion') return locale.regionName(value)
  if (name === 'secondFactorRequiredFrom') return locale.formatMoment(value)
  // A person wrote it, and it may contain commas.
  if (name === 'reason' || name === 'name') return value
  const items = value.split(', ')
  if (name === 'permissions') return listPermissions(locale, items)
  return locale.formatList(items.map(item => textOf(locale.t, valueMessages, item)))
}

type Changes = OperationsQuery['operations']['nodes'][number]['changes']

/** The changes of an operation, each with its property and values as text; null for no value. */
export const changeRowsOf = (locale: WordsLocale, changes: Changes) =>
  changes.map(({ name, from = null, to = null }) => ({
    name,
    property: textOf(locale.t, propertyMessages, name),
    from: from === null ? null : valueInWords(locale, name, from),
    to: to === null ? null : valueInWords(locale, name, to),
  }))

/**
 * The changes of an operation as text, one line for each property. Properties without values
 * share one line.
 */
export const changesInWords = (locale: WordsLocale, changes: Changes): string[] => {
  const { t } = locale
  const lines: string[] = []
  const names: string[] = []
  for (const { name, from = null, to = null } of changes) {
    // Only for the details: nobody reads a hash in a list.
    if (name === 'deletedUpToHash') continue
    const property = textOf(t, propertyMessages, name)
    const inWords = (value: string) => valueInWords(locale, name, value)
    if (from === null && to === null) {
      names.push(property)
    } else if (from === null || from === to) {
      lines.push(t('operations.change.value', { property, value: inWords(to ?? '') }))
    } else if (to === null) {
      lines.push(t('operations.change.removed', { property, from: inWords(from) }))
    } else {
      lines.push(t('operations.change.changed', { property, from: inWords(from), to: inWords(to) }))
    }
  }
  return names.length === 0 ? lines : [...lines, locale.formatList(names)]
}
