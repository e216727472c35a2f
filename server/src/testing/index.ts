// What the journeys and the benchmark start the product with.
export { freePort } from './free-port.js'
export { Mailbox } from './mailbox.js'
export { type ThrowAwayDatabase, throwAwayDatabase } from './throw-away-database.js'
export { WebhookReceiver } from './webhook-receiver.js'
