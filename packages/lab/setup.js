/*
 * Makes a checkout ready, and does nothing when it is: npm's packages, the pinned Node, the system's programs. Plain
 * JavaScript without imports from npm, for it runs on whatever Node the machine has, before anything is installed.
 * Called before the demo, the tests and the benchmarks.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provision } from './provision.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stampFile = join(root, 'node_modules/.holdfast-installed');

/** Where packages come from is the same for an npm inside an npm script. */
const keptNpmSettings = new Set(
  [
    'cache',
    'cafile',
    'fetch_retries',
    'https_proxy',
    'noproxy',
    'offline',
    'prefer_offline',
    'proxy',
    'registry',
    'userconfig',
  ].map((setting) => `npm_config_${setting}`),
);

installPackages();
checkPinnedNode();
process.exitCode = provision({ runProgram, say });

function installPackages() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (readOr(stampFile, '') === stamp) return;
  if (!isInstalled(JSON.parse(lock.toString()))) {
    say('Installing the npm packages of package-lock.json …');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const cleanly = runNpm(['ci', ...options]);
    // npm refuses a lock without the packages of other platforms, which some registries do not have.
    const anyhow = cleanly.status === 0 ? cleanly : runNpm(['install', '--no-save', ...options]);
    if (anyhow.status !== 0) {
      fail(
        'The npm packages could not be installed.',
        `npm ci: ${lastLines(cleanly)}\nnpm install: ${lastLines(anyhow)}`,
        'see that the npm registry is reached, then run again: node packages/lab/setup.js',
      );
    }
  }
  try {
    writeFileSync(stampFile, stamp);
  } catch {
    // The stamp only saves the next look; this may be somebody else's checkout.
  }
}

/** True when npm's own record of what it installed has all that the lock asks for: somebody has run npm before. */
function isInstalled(lock) {
  const record = readOr(join(root, 'node_modules/.package-lock.json'), '');
  if (record === '') return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/') || wanted.optional === true) return true;
    const found = installed[path];
    return found !== undefined && found.version === wanted.version && found.link === wanted.link;
  });
}

function checkPinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies[name];
  if (wanted === undefined) {
    fail(
      `Holdfast is not made for ${process.platform} on ${process.arch}.`,
      `package.json pins no package ${name}`,
      'use Linux on x64 or arm64',
    );
  }
  const { stdout, error } = runProgram([join(root, 'node_modules/.bin/node'), '--version']);
  if (stdout?.trim() === `v${wanted}`) return;
  fail(
    `The pinned Node ${wanted} is not there.`,
    error === undefined ? `node_modules/.bin/node is ${stdout?.trim()}` : error.message,
    `see that the npm registry has ${name}@${wanted}, then: rm -r node_modules && node packages/lab/setup.js`,
  );
}

/**
 * npm inside an npm script: without the outer one's settings, which would make it think of the outer command, and
 * without the folders that the outer one put first on the PATH, which hold the Node that is about to be replaced.
 */
function runNpm(words) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') || keptNpmSettings.has(name)),
  );
  const folders = (process.env.PATH ?? '').split(delimiter);
  env.PATH = folders
    .filter((folder) => !/node_modules[\\/]\.bin[\\/]?$|node-gyp-bin/.test(folder))
    .join(delimiter);
  return runProgram(['npm', ...words], { env, cwd: root, timeout: 600_000 });
}

function runProgram([program, ...words], options = {}) {
  return spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
}

function readOr(path, otherwise) {
  return existsSync(path) ? readFileSync(path, 'utf8') : otherwise;
}

function lastLines({ stdout, stderr, error }) {
  return error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n');
}

function say(text) {
  console.log(text);
}

function fail(what, why, todo) {
  console.error(`${what}\n  why   ${why}\n  do    ${todo}`);
  process.exit(1);
}
