/** The arrows between packages point down only; this file is the rule, packages/README.md is the reason. */
const packages = {
  core: [],
  kit: ['core'],
  store: ['core'],
  engine: ['core', 'kit'],
  agent: ['core', 'kit', 'store', 'engine'],
  client: ['core'],
  cli: ['client', 'core', 'kit'],
  lab: ['kit'],
  testkit: ['core', 'kit', 'store', 'engine', 'agent'],
};

const npmAllowed = {
  core: ['@dagrejs/graphlib', 'zod'],
  kit: ['execa', 'yaml', 'zod'],
  store: ['zod'],
  engine: ['zod'],
  agent: ['fastify', 'nodemailer', 'pino', 'yaml', 'zod'],
  client: ['zod'],
  cli: ['yaml', 'yargs', 'zod'],
  lab: ['zod'],
  testkit: ['zod', 'fast-check'],
};

const arrows = Object.entries(packages).map(([name, below]) => ({
  name: `${name}-uses-only-what-is-below-it`,
  severity: 'error',
  comment: 'Arrows between packages point down only.',
  from: { path: `^packages/${name}/(src|embedded|etcd)/` },
  to: {
    path: '^(packages|kits|test|examples)/',
    pathNot: [`^packages/${name}/`, ...below.map((other) => `^packages/${other}/`)],
  },
}));

const npm = Object.entries(npmAllowed).map(([name, allowed]) => ({
  name: `${name}-uses-only-its-own-libraries`,
  severity: 'error',
  comment: 'A new dependency is a decision: write it down in the README of the package.',
  from: { path: `^packages/${name}/(src|embedded|etcd)/` },
  to: { path: 'node_modules/', pathNot: allowed.map((library) => `node_modules/${library}/`) },
}));

export default {
  forbidden: [
    ...arrows,
    ...npm,
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'A plan must be replayable from its inputs: no input, output, clock or chance.',
      from: { path: '^packages/core/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-world-comes-through-ports',
      severity: 'error',
      comment: 'simulate() runs the shipped engine and agent: only the assembled program touches the node.',
      from: { path: '^packages/(engine|agent)/src/', pathNot: '^packages/agent/src/program/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-the-program-is-assembled-from-libraries',
      severity: 'error',
      comment:
        'fastify, nodemailer and pino are how the program meets the world; the loop behind them knows none of them.',
      from: { path: '^packages/agent/src/', pathNot: '^packages/agent/src/program/' },
      to: { path: 'node_modules/(fastify|nodemailer|pino|yaml)/' },
    },
    {
      name: 'the-loop-does-not-know-its-program',
      severity: 'error',
      from: { path: '^packages/agent/src/', pathNot: '^packages/agent/src/program/' },
      to: { path: '^packages/agent/src/program/' },
    },
    {
      name: 'kits-know-only-the-contract',
      severity: 'error',
      from: { path: '^kits/([^/]+)/src/' },
      to: { path: '^(packages|kits|test|examples)/', pathNot: ['^packages/kit/', '^kits/$1/'] },
    },
    {
      name: 'kits-are-loaded-by-name',
      severity: 'error',
      comment: 'No package may import a kit: the configuration names it.',
      from: { path: '^packages/' },
      to: { path: '^kits/' },
    },
    {
      name: 'processes-start-through-run',
      severity: 'error',
      comment:
        'Subprocesses only through run() of packages/kit: argument arrays, a budget, a bound on output.',
      from: { path: '^(packages|kits)/', pathNot: ['^packages/lab/(setup|peers)[.]js$'] },
      to: { path: '^(node:)?child_process$' },
    },
    {
      name: 'front-door-only',
      severity: 'error',
      comment: 'Reach another package through what it publishes.',
      from: { path: '^(packages|kits)/([^/]+)/' },
      to: {
        path: '^(packages|kits)/[^/]+/(src|embedded|etcd)/',
        pathNot: [
          '^$1/$2/',
          '/src/(index|conformance)[.]ts$',
          '/(embedded|etcd)/index[.]ts$',
          '^packages/(core/src/api|testkit/src/kits)/index[.]ts$',
        ],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'all-resolve', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)node_modules/[.]' },
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
