import type { ReactNode } from 'react'
import type { NewestNotificationsQuery, OperationAction } from '../gql/graphql'
import type { Locale, MessageId } from '../messages/locale'
import { Message } from '../messages/Message'
import { actionMessages } from '../operations/operation-words'
import { deviceWordsOf } from '../sessions/device-words'

/** A notification as the API returns it. */
export type Notification = NewestNotificationsQuery['notifications']['nodes'][number]
type Operation = NonNullable<Notification['operation']>

/** What a notification says. */
export interface NotificationWords {
  readonly sentence: ReactNode
  /** More about it, such as the browser of a sign-in; null if there is no more. */
  readonly detail: ReactNode
  /** The page that the notification leads to; null if the user may see none. */
  readonly to: string | null
}

const activity = '/account/me/activity'

/** What someone else did to the user, and where the user can see its result. */
const doneByOthers = {
  CHANGE_PASSWORD: ['notifications.operation.CHANGE_PASSWORD', activity],
  REQUIRE_PASSWORD_CHANGE: ['notifications.operation.REQUIRE_PASSWORD_CHANGE', activity],
  SECURE_USER: ['notifications.operation.SECURE_USER', activity],
  SIGN_OUT_USER: ['notifications.operation.SIGN_OUT_USER', '/account/me/security'],
  UPDATE_USER: ['notifications.operation.UPDATE_USER', '/account/me'],
  CHANGE_ACCESS: ['notifications.operation.CHANGE_ACCESS', activity],
  UNBLOCK_USER: ['notifications.operation.UNBLOCK_USER', activity],
  RESET_SECOND_FACTOR: ['notifications.operation.RESET_SECOND_FACTOR', '/account/me/security'],
  REVOKE_ALL_TRUSTED_DEVICES: [
    'notifications.operation.REVOKE_ALL_TRUSTED_DEVICES',
    '/account/me/security',
  ],
  REVOKE_API_TOKEN: ['notifications.operation.REVOKE_API_TOKEN', '/account/me/api'],
} as const satisfies Partial<Record<OperationAction, readonly [MessageId, string]>>

const isDoneByOthers = (action: OperationAction): action is keyof typeof doneByOthers =>
  Object.hasOwn(doneByOthers, action)

const newPlaceMessages = {
  BROWSER: 'notifications.operation.newBrowser',
  NETWORK: 'notifications.operation.newNetwork',
} as const

const changeIn = ({ changes }: Operation, name: string): string | null =>
  changes.find(change => change.name === name)?.to ?? null

/** Who did it, as the subject of a sentence. */
const actorOf = (t: Locale['t'], operation: Operation): string => {
  const { actorName, ip } = operation
  if (actorName != null) return actorName
  return ip === 'command line' ? t('notifications.actor.operator') : 'Rekey'
}

const operationInWords = (t: Locale['t'], operation: Operation): NotificationWords => {
  const { action, ip, userAgent } = operation
  const actor = <bdi>{actorOf(t, operation)}</bdi>
  if (isDoneByOthers(action)) {
    const [id, to] = doneByOthers[action]
    return { sentence: <Message id={id} values={{ actor }} />, detail: null, to }
  }
  switch (action) {
    case 'LOG_IN': {
      const newPlace = changeIn(operation, 'newPlace')
      const id =
        newPlace === 'BROWSER' || newPlace === 'NETWORK'
          ? newPlaceMessages[newPlace]
          : 'notifications.operation.newBrowserAndNetwork'
      const browser = deviceWordsOf(t, userAgent).name
      const detail = t('notifications.list.place', { browser, ip })
      return { sentence: t(id), detail, to: '/account/me/security' }
    }
    case 'RESET_PASSWORD':
      return { sentence: t('notifications.operation.RESET_PASSWORD'), detail: null, to: activity }
    case 'CANCEL_OWN_DELETION':
      return {
        sentence: t('notifications.operation.CANCEL_OWN_DELETION'),
        detail: null,
        to: activity,
      }
    case 'ACTIVATE_USER': {
      const subject = <bdi>{operation.subjectName}</bdi>
      const to = operation.subject == null ? null : `/account/users/${operation.subject.id}`
      const accepted = operation.actorName === operation.subjectName
      const sentence = accepted ? (
        <Message id="notifications.operation.ACTIVATE_USER" values={{ subject }} />
      ) : (
        <Message id="notifications.operation.activatedByOther" values={{ actor, subject }} />
      )
      return { sentence, detail: null, to }
    }
    case 'DISABLE_WEBHOOK':
      return {
        sentence: t('notifications.operation.DISABLE_WEBHOOK'),
        detail: <bdi>{changeIn(operation, 'url')}</bdi>,
        to: '/account/settings/webhooks',
      }
    default:
      // A newer server may notify of more.
      return { sentence: t(actionMessages[action]), detail: null, to: activity }
  }
}

/** Describes a notification. */
export const notificationInWords = (
  { t, formatDay }: Pick<Locale, 't' | 'formatDay'>,
  { operation, passwordDeadline, apiToken }: Notification,
): NotificationWords => {
  if (operation != null) return operationInWords(t, operation)
  const hasPassed = (at: string) => Date.parse(at) <= Date.now()
  if (apiToken != null) {
    const { name, expiresAt } = apiToken
    const values = { name: <bdi>{name}</bdi>, day: formatDay(expiresAt) }
    const sentence = hasPassed(expiresAt) ? (
      <Message id="notifications.apiToken.expired" values={values} />
    ) : (
      <Message id="notifications.apiToken.expires" values={values} />
    )
    return { sentence, detail: null, to: '/account/me/api' }
  }
  const at = passwordDeadline?.at
  const sentence =
    at == null || hasPassed(at)
      ? t('notifications.password.tooOld')
      : t('notifications.password.changeBy', { day: formatDay(at) })
  return { sentence, detail: null, to: '/account/change-password' }
}
