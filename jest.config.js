const long = process.env.HOLDFAST_LONG === '1';

export default {
  roots: ['<rootDir>/packages', '<rootDir>/kits', '<rootDir>/test', '<rootDir>/examples'],
  testMatch: long
    ? ['**/test/**/*.{test,long}.ts', '**/test/*.{test,long}.ts']
    : ['**/test/**/*.test.ts', '**/test/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '[.]ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  testTimeout: 30_000,
  maxWorkers: 2,
  reporters: ['<rootDir>/test/quietReporter.js'],
};
