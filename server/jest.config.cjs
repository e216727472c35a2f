const { availableParallelism } = require('node:os')

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
  // These packages are ES modules or import one. swc makes CommonJS of them, because Node never frees the ES
  // modules of a test file, nor anything that they reach: the workers would grow with each file.
  transformIgnorePatterns: [
    'node_modules/(?!(?:\\.pnpm/)?(?:content-disposition|sql-template-tag|cookie|@fastify[+/]cookie|@faker-js[+/]faker|intl-messageformat|@formatjs[+/]))',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // More than there are cores: many tests wait, for a process that starts or a time that passes.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // Long enough for a slow machine under load. A passing test never waits for it.
  testTimeout: 240_000,
}
