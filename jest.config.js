/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Minutes of attacks on every version of PostgreSQL: `npm run test:long`.
  testPathIgnorePatterns: process.env.LONG_TESTS ? ['/node_modules/'] : ['/node_modules/', '/test/long/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }] },
  moduleNameMapper: { '^cdk-agent-db-guardrails$': '<rootDir>/lib/index.ts' },
  globalSetup: '<rootDir>/test/global-setup.ts',
  setupFiles: ['<rootDir>/test/setup.ts'],
  testTimeout: 60_000,
  // On two cores jest would use one. The servers of a test wait more than they work.
  maxWorkers: Math.max(2, require('node:os').availableParallelism() - 1),
};
