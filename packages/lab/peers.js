/*
 * Installs what the benchmarks hold Holdfast against, from Debian packages, when they are started and by name alone:
 * tests and demo need none of it. Like provision.js it starts no service and changes no setting of the machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installPeers } from './provision.js';

/** The packages of each peer, with a file that says that it is there. */
const peers = {
  pacemaker: {
    corosync: '/usr/sbin/corosync',
    pacemaker: '/usr/sbin/pacemakerd',
    'pacemaker-cli-utils': '/usr/sbin/crm_simulate',
  },
  'pacemaker-cli-utils': { 'pacemaker-cli-utils': '/usr/sbin/crm_simulate' },
  monit: { monit: '/usr/bin/monit' },
  keepalived: { keepalived: '/usr/sbin/keepalived' },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => peers[name] === undefined);
if (wanted.length === 0 || unknown.length > 0) {
  process.stderr.write(`Usage: node packages/lab/peers.js ${Object.keys(peers).join('|')} ...\n`);
  process.exit(2);
}
const missing = wanted
  .flatMap((name) => Object.entries(peers[name]))
  .filter(([, file]) => !existsSync(file))
  .map(([name, file]) => ({ names: [name], isThere: () => existsSync(file) }));
process.exitCode = installPeers(missing, { runProgram, say: (text) => process.stdout.write(`${text}\n`) });

function runProgram([program, ...words], options = {}) {
  return spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options });
}
