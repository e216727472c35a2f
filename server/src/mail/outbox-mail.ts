import { loginKeyOf } from '@rekey/shared/login'
import type { SecretPurpose } from '../secrets/secret-purpose.js'
import type { OutboxMailEntity } from './outbox-mail.entity.js'

const dayMs = 24 * 60 * 60 * 1000

/** RFC 5321, 4.5.4.1: a sender gives up after four or five days. */
const maxWaitingMs = 5 * dayMs

/** How long a failed mail without a link can be sent again. */
export const bodyKeptMs = 3 * dayMs

/** How long a mail that failed or was dropped is listed. */
export const endedKeptMs = 30 * dayMs

/** The purpose of the sealed body of a mail. */
export const bodyOf = (mailId: string): SecretPurpose => ({ purpose: 'mail', owner: mailId })

const partsOf = (address: string): [local: string, host: string] => {
  const at = address.lastIndexOf('@') + 1
  const key = loginKeyOf(address)
  return [address.slice(0, at), key.slice(key.lastIndexOf('@') + 1)]
}

/** The domain of an address, in lower case and in ASCII. */
export const hostOf = (address: string): string => partsOf(address)[1]

/** The address with its domain in ASCII: not every mail server understands others (RFC 6531). */
export const asciiAddressOf = (address: string): string => partsOf(address).join('')

/** The time until which a mail that is queued now is tried; never longer than its link works. */
export const giveUpAtOf = (now: Date, linkExpiresAt: Date | null): Date => {
  const tooOld = now.getTime() + maxWaitingMs
  return new Date(Math.min(tooOld, linkExpiresAt?.getTime() ?? tooOld))
}

/** Whether the link in a mail no longer works. */
export const hasDeadLink = (mail: Pick<OutboxMailEntity, 'linkExpiresAt'>, now: Date): boolean =>
  mail.linkExpiresAt !== null && mail.linkExpiresAt <= now

/** Whether a mail can be sent again: it has a body, and its link works. */
export const canBeRetried = (mail: OutboxMailEntity, now: Date): boolean =>
  (mail.sealedBody !== null || mail.text !== '') && !hasDeadLink(mail, now)

const noBody = { sealedBody: null, text: '', html: '' } as const

/**
 * The changes to a mail that fails or is dropped now. It keeps its body only while it can be sent
 * again.
 */
export const endingOf = (
  mail: OutboxMailEntity,
  state: 'FAILED' | 'DROPPED',
  now: Date,
): Partial<OutboxMailEntity> => ({
  state,
  endedAt: now,
  claimedUntil: null,
  ...(state === 'DROPPED' || hasDeadLink(mail, now) ? noBody : {}),
})
