/**
 * The statements that both engines share for the migration `webhooks`.
 *
 * @param text the engine's type for a text that is ordered by code points.
 */
export const webhooks = (text: string): string[] => [
  `CREATE TABLE webhooks (
    id ${text} PRIMARY KEY NOT NULL,
    url ${text} NOT NULL,
    description ${text} NOT NULL,
    events ${text} NOT NULL,
    secret ${text} NOT NULL,
    previous_secret ${text},
    previous_secret_expires_at bigint,
    disabled_reason ${text},
    disabled_at bigint,
    failing_since bigint,
    created_by ${text} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
  )`,
  `CREATE TABLE webhook_events (
    id ${text} PRIMARY KEY NOT NULL,
    type ${text} NOT NULL,
    at bigint NOT NULL,
    subject_id ${text},
    login ${text},
    data ${text} NOT NULL
  )`,
  // For deleting the deliveries about a user, and old ones.
  'CREATE INDEX webhook_events_by_subject ON webhook_events (subject_id)',
  'CREATE INDEX webhook_events_by_time ON webhook_events (at)',
  `CREATE TABLE webhook_deliveries (
    id ${text} PRIMARY KEY NOT NULL,
    webhook_id ${text} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event_id ${text} NOT NULL REFERENCES webhook_events (id) ON DELETE CASCADE,
    status ${text} NOT NULL,
    failed_attempts integer NOT NULL,
    next_attempt_at bigint,
    created_at bigint NOT NULL
  )`,
  'CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id)',
  'CREATE INDEX webhook_deliveries_by_status ON webhook_deliveries (webhook_id, status, id)',
  'CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id)',
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at, id)
    WHERE next_attempt_at IS NOT NULL`,
  `CREATE TABLE webhook_attempts (
    id ${text} PRIMARY KEY NOT NULL,
    delivery_id ${text} NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at bigint NOT NULL,
    duration_ms integer NOT NULL,
    status integer,
    failure ${text},
    excerpt ${text}
  )`,
  'CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, id)',
]
