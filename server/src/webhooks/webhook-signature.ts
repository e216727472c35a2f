import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
const secretBytes = 32

/** A fresh secret (Standard Webhooks, “Symmetric”): 256 random bits after `whsec_`. */
export const makeWebhookSecret = (): string =>
  `${prefix}${randomBytes(secretBytes).toString('base64')}`

/** A message as it is signed. */
export interface SignedMessage {
  /** The same at every attempt. */
  readonly id: string
  /** Of this attempt, in seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/**
 * The value of `webhook-signature` (Standard Webhooks, “Signature scheme”): HMAC-SHA-256 over
 * id, timestamp and body, once for each secret, separated by a space.
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
