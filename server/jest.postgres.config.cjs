const onEveryEngine = require('./jest.config.cjs')

// `npm test` runs these tests on PostgreSQL too, because the engine matters to them: they cover our own
// SQL, many rows, or transactions that compete. `npm run test:proofs -- --all` runs the others there.
const names = [
  'api-tokens/all-api-tokens',
  'api-tokens/api-tokens.security',
  'bulk-jobs/*',
  'database/*',
  'database/migrations/*',
  'home/*',
  'idempotency/*',
  'invitations/activation',
  'invitations/invitation',
  'mail/mail',
  'mail/mail-delivery',
  'my-data/my-data',
  'notifications/*',
  'one-time-links/*',
  'operation-retention/*',
  'operations/*',
  'own-deletion/*',
  'password-age/*',
  'passwords/activate-by-password',
  'passwords/change-password',
  'passwords/reset-password',
  'readiness/*',
  'sessions/session',
  'security-settings/update-security-settings',
  'setup/setup',
  'throttle/*',
  'user*/*',
  'webhooks/sign-in-events',
  'webhooks/webhook-delivery',
]

/** @type {import('jest').Config} */
module.exports = {
  ...onEveryEngine,
  displayName: 'server on PostgreSQL',
  testMatch: names.map(name => `<rootDir>/src/${name}.test.ts`),
}
