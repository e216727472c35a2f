import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
const secretBytes = 32

/**
 * Creates a webhook secret (Standard Webhooks, “Symmetric”): `whsec_` and 256 random bits in
 * base64.
 */
export const makeWebhookSecret = (): string =>
  `${prefix}${randomBytes(secretBytes).toString('base64')}`

/** The parts of a message that are signed. */
export interface SignedMessage {
  /** The event's id, the same for every attempt. */
  readonly id: string
  /** The time of this attempt, in seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/**
 * The value of `webhook-signature` (Standard Webhooks, “Signature scheme”): HMAC-SHA-256 over
 * id, timestamp and body, once for each secret, separated by spaces.
 */
export const signatureOf = (message: SignedMessage, secrets: readonly string[]): string => {
  const signed = `${message.id}.${message.timestamp}.${message.body}`
  return secrets
    .map(secret => {
      const key = Buffer.from(secret.slice(prefix.length), 'base64')
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    })
    .join(' ')
}
