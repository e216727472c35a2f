import type { OperationAction, OperationEntity } from '../operations/operation.entity.js'

/** Actions that users are notified of if someone else did it to them. */
const doneByOthers: ReadonlySet<OperationAction> = new Set([
  'CHANGE_PASSWORD',
  'REQUIRE_PASSWORD_CHANGE',
  'SECURE_USER',
  'SIGN_OUT_USER',
  'UPDATE_USER',
  'CHANGE_ACCESS',
  'UNBLOCK_USER',
  'CANCEL_OWN_DELETION',
  'RESET_SECOND_FACTOR',
  'REVOKE_ALL_TRUSTED_DEVICES',
  'REVOKE_API_TOKEN',
])

/** Actions that send or hand over an invitation. */
export const invitingActions = [
  'INVITE_USER',
  'RESEND_INVITATION',
  'CREATE_INVITATION_LINK',
] as const satisfies readonly OperationAction[]

/**
 * The user to notify of an operation that was done to them; null if there is none. They are not
 * notified of what they did themselves, except of what someone with their password could have done.
 */
export const concernedUserOf = (operation: OperationEntity): string | null => {
  const { action, actorId, subjectId, changes } = operation
  const concerns =
    action === 'RESET_PASSWORD' ||
    (action === 'LOG_IN' && changes.some(({ name }) => name === 'newPlace')) ||
    (actorId !== subjectId && doneByOthers.has(action))
  return concerns ? subjectId : null
}
