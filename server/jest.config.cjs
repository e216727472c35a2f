/** @type {import('jest').Config} */
module.exports = {
  displayName: 'server',
  rootDir: __dirname,
  roots: ['<rootDir>/src'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require'] },
  setupFiles: ['reflect-metadata'],
  transform: {
    '\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
      },
    ],
  },
  // Published as ES modules alone, which jest can't require on every Node we support.
  transformIgnorePatterns: [
    'node_modules/(?!(?:\\.pnpm/)?(?:content-disposition|sql-template-tag))',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  maxWorkers: '100%',
  // What a slow machine under load takes; nothing waits for it.
  testTimeout: 240_000,
}
