const postgres = require('./jest.postgres.config.cjs')

// The proofs, and the tests that `npm test` leaves out on PostgreSQL.
/** @type {import('jest').Config} */
module.exports = {
  ...postgres,
  // A later pattern wins.
  testMatch: [
    '<rootDir>/src/**/*.test.ts',
    ...postgres.testMatch.map(pattern => pattern.replace('<rootDir>', '!**')),
    '<rootDir>/src/**/*.proof.test.ts',
  ],
}
