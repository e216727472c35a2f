/**
 * The same tests in both runtimes the module must work in.
 * @type {(environment: string) => import('jest').Config}
 */
const runtime = environment => ({
  displayName: `shared (${environment})`,
  rootDir: __dirname,
  roots: ['<rootDir>/src'],
  testEnvironment: environment,
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2023' } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
})

module.exports = { maxWorkers: '100%', projects: [runtime('node'), runtime('jsdom')] }
