// The parts that the journeys and the benchmark use to start the product.
export { ageProofs } from './age-proofs.js'
export { freePort } from './free-port.js'
export { Mailbox } from './mailbox.js'
export { shareMailbox } from './share-mailbox.js'
export { SmsInbox } from './sms-inbox.js'
export { type ThrowAwayDatabase, throwAwayDatabase } from './throw-away-database.js'
export { totpCode } from './totp-code.js'
export { WebhookReceiver } from './webhook-receiver.js'
