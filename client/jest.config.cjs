/** @type {import('jest').Config} */
module.exports = {
  displayName: 'client',
  rootDir: __dirname,
  roots: ['<rootDir>/src'],
  testEnvironment: 'jsdom',
  testEnvironmentOptions: { customExportConditions: ['source', 'browser', 'require', 'default'] },
  setupFilesAfterEnv: ['<rootDir>/jest.setup.ts'],
  transform: {
    '\\.[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
      },
    ],
  },
  // These packages are published as ES modules alone.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:\\.pnpm/)?(?:saxen|intl-messageformat|@formatjs))',
  ],
  moduleNameMapper: { '\\.css$': '<rootDir>/jest.styles.cjs', '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: '100%',
  testTimeout: 120_000,
}
