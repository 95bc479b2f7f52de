/*
 * The programs that the lab, the kits and their tests need, from the Debian packages that have them. Installing them
 * starts no service, makes no database and changes no setting of the machine.
 */
import { existsSync, mkdtempSync, readdirSync, readSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const has = (program) => folders.some((folder) => existsSync(join(folder, program)));
const hasPostgres = () =>
  existsSync('/usr/lib/postgresql') &&
  readdirSync('/usr/lib/postgresql').some((major) => existsSync(`/usr/lib/postgresql/${major}/bin/initdb`));

/** Package and how to see that it is there. Looking at files takes no time; asking dpkg would, at each test run. */
const needed = [
  { names: ['postgresql-15', 'postgresql'], isThere: hasPostgres },
  { names: ['iputils-arping'], isThere: () => has('arping') },
  { names: ['iputils-ping'], isThere: () => has('ping') },
  { names: ['procps'], isThere: () => ['pidwait', 'pkill', 'ps'].every(has) },
  { names: ['iproute2'], isThere: () => has('ip') },
  { names: ['util-linux'], isThere: () => ['unshare', 'nsenter', 'losetup', 'setpriv', 'setsid'].every(has) },
  { names: ['e2fsprogs'], isThere: () => has('mkfs.ext4') },
  { names: ['xfsprogs'], isThere: () => has('mkfs.xfs') },
  { names: ['tmux'], isThere: () => has('tmux') },
  { names: ['zsh'], isThere: () => has('zsh') },
  { names: ['fish'], isThere: () => has('fish') },
  { names: ['nftables'], isThere: () => has('nft') },
  { names: ['etcd-server'], isThere: () => has('etcd') },
  // What the agent Filesystem asks for.
  { names: ['kmod'], isThere: () => has('modprobe') },
  { names: ['psmisc'], isThere: () => has('fuser') },
  { names: ['resource-agents'], isThere: () => existsSync('/usr/lib/ocf/resource.d/heartbeat/IPaddr2') },
  // For nodes of the lab whose first process is systemd; on this machine neither is started.
  {
    names: ['systemd'],
    isThere: () => existsSync('/lib/systemd/systemd') && ['busctl', 'systemd-notify'].every(has),
  },
  { names: ['dbus'], isThere: () => has('dbus-daemon') },
  // Debian would make it the mail server of this machine; without an answer of a person it gets no configuration.
  {
    names: ['postfix'],
    isThere: () => has('postfix'),
    answer: 'postfix postfix/main_mailer_type select No configuration',
  },
  { names: ['redis-server'], isThere: () => has('redis-server') && has('redis-cli') },
];

/** Installs what is missing; answers with the exit code for the set-up. */
export function provision({ runProgram, say }) {
  const missing = needed.filter(({ isThere }) => !isThere());
  const isRoot = process.getuid?.() === 0;
  if (missing.length === 0) {
    if (!isRoot) say('Tests and demo make namespaces, mounts and links, and need root: run them with sudo.');
    return 0;
  }
  const names = missing.map((one) => one.names[0]).join(' ');
  if (!isRoot || !existsSync('/usr/bin/apt-get')) {
    say(`Missing on this machine: what the Debian packages ${names} have.`);
    say(
      isRoot
        ? '  do    install them in the way of this system, then run again'
        : '  do    run as root, as tests and demo need it too: sudo node packages/lab/setup.js',
    );
    return 1;
  }
  if (!agreed(names, say)) return 1;
  return install(missing, { runProgram, say });
}

/** Installs all the packages of what a benchmark holds itself against; a person has asked for it by name. */
export function installPeers(missing, { runProgram, say }) {
  if (missing.length === 0) return 0;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'))
    return install(missing, { runProgram, say });
  say('It is installed by root, with apt-get.');
  return 1;
}

/** Asks a person; anybody else has asked for this by starting it. */
function agreed(names, say) {
  say(`Installing from Debian, without starting any service: ${names}`);
  const isPerson = process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI;
  if (!isPerson) return true;
  process.stdout.write('Go on? [Y/n] ');
  const answer = Buffer.alloc(100);
  const text = answer.toString('utf8', 0, readSync(0, answer)).trim().toLowerCase();
  if (text === '' || text === 'y' || text === 'yes') return true;
  say(`Nothing was installed.\n  do    apt-get install ${names}`);
  return false;
}

function install(missing, { runProgram, say }) {
  const updated = apt(runProgram, ['apt-get', ...quietly, 'update']);
  const packages = missing.map(({ names }) => names.find((name) => isKnown(runProgram, name)) ?? names[0]);
  const answers = missing.flatMap(({ answer }) => (answer === undefined ? [] : [`${answer}\n`])).join('');
  if (answers !== '') runProgram(['debconf-set-selections'], { input: answers });
  const workspace = mkdtempSync(join(tmpdir(), 'holdfast-provision-'));
  try {
    // Two mail servers exclude each other in Debian: what is here already is never taken away for one of ours.
    const options = ['install', '-y', '--no-install-recommends', '--no-remove'];
    const words = ['apt-get', ...quietly, ...options, ...packages];
    const installed = apt(runProgram, [
      ...['unshare', '--mount', 'sh', '-c', beQuiet, 'sh', workspace],
      ...words,
    ]);
    const still = missing.filter(({ isThere }) => !isThere()).map(({ names }) => names[0]);
    if (installed.status === 0 && still.length === 0) return 0;
    say(`Not installed: ${still.join(' ') || packages.join(' ')}`);
    say(`  why   ${lastLines(installed)}${updated.status === 0 ? '' : `\n        ${lastLines(updated)}`}`);
    say(`  do    see that Debian's packages are reached, or by hand: apt-get install ${packages.join(' ')}`);
    return 1;
  } finally {
    rmdirSync(workspace);
  }
}

const quietly = [
  '-qq',
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Dpkg::Use-Pty=0',
  '-o',
  'Dpkg::Options::=--force-confold',
];

/**
 * Debian asks a policy before it starts a service, and a setting before it makes a database cluster. Ours are laid over
 * them in a mount namespace that only this apt-get sees: they are gone with it, also after a crash, and what the
 * machine has of its own is never changed. A mount needs a place: a policy that is empty and can not be executed is
 * no policy to Debian, so one that was left behind would change nothing, and it is taken away by the next run.
 */
const beQuiet = `
set -eu
own=$1; shift
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.d
mount -t tmpfs -o mode=755 provision "$own"
mkdir "$own/clusters"
printf '#!/bin/sh\\nexit 101\\n' >"$own/policy"
chmod 755 "$own/policy"
echo 'create_main_cluster = false' >"$own/clusters/holdfast.conf"
[ -e "$policy" ] || : >"$policy"
made=
[ -d "$clusters" ] || made=$clusters
mkdir -p "$clusters"
mount --bind "$own/policy" "$policy"
mount --bind "$own/clusters" "$clusters"
status=0
"$@" || status=$?
umount "$policy" "$clusters"
[ -z "$made" ] || rmdir -p --ignore-fail-on-non-empty "$made"
[ -s "$policy" ] || [ -x "$policy" ] || rm -f "$policy"
exit "$status"
`;

function apt(runProgram, argv) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l', LC_ALL: 'C' };
  return runProgram(argv, { env });
}

function isKnown(runProgram, name) {
  const { status, stdout } = runProgram(['apt-cache', 'policy', name]);
  return status === 0 && /Candidate: (?!\(none\))/.test(stdout);
}

function lastLines({ stdout, stderr, error }) {
  return error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-6).join('\n        ');
}
