import { posix } from 'node:path';
import {
  type Account,
  type RunOptions,
  type RunResult,
  run,
  type Started,
  type StartOptions,
  start,
} from '@holdfast/kit';

/** A machine of the lab: a set of namespaces with a name and an address. */
export type LabHost = Readonly<{
  name: string;
  /** Its first process, as this machine sees it. */
  pid: number;
  run: (argv: readonly [string, ...string[]], options: RunOptions) => Promise<RunResult>;
  start: (argv: readonly [string, ...string[]], options?: StartOptions) => Started;
  /**
   * A file of the host as a path that this process can open. An absolute symbolic link on the way leads out of the
   * host, to this machine's files: read what you know, and write through `run` or `writeFile`.
   */
  path: (inside: string) => string;
  /** What a person types to be there. */
  enterCommand: string;
  /** Writes a file in the host, with the folders above it. */
  writeFile: (path: string, text: string, mode?: number) => Promise<void>;
}>;

/** A machine on which Holdfast runs. */
export type LabNode = LabHost & Readonly<{ device: 'eth0'; address: string }>;

export function labHost(name: string, pid: number): LabHost {
  const host: LabHost = {
    name,
    pid,
    run: async (argv, { account, cwd, ...options }) => {
      const result = await run(inside(pid, argv, account, cwd), options);
      // The evidence is about the program, not about the way into the host.
      return { ...result, says: result.says.replace(/^env(?=:)/, posix.basename(argv[0])) };
    },
    start: (argv, { account, cwd, ...options } = {}) => start(inside(pid, argv, account, cwd), options),
    path: (path) => `/proc/${pid}/root${posix.resolve('/', path)}`,
    enterCommand: `nsenter -a -t ${pid}`,
    writeFile: async (path, text, mode = 0o644) => {
      const argv = ['sh', '-c', writeStandardInput, 'sh', path, mode.toString(8)] as const;
      await must(host, argv, { budgetMs: 10_000, input: text });
    },
  };
  return host;
}

/** Runs a step of the lab's own set-up: one that fails is a fault of the lab or of the machine. */
export async function must(
  host: LabHost,
  argv: readonly [string, ...string[]],
  options: RunOptions,
): Promise<RunResult> {
  const result = await host.run(argv, options);
  if (result.ok) return result;
  const { says, stdout, stderr } = result;
  throw new Error([`${host.name}: ${argv.join(' ')}: ${says}`, stdout, stderr].join('\n').trim());
}

/** It has its mode before it has its text: a secret is never readable for a moment. */
const writeStandardInput = 'install -D -m "$2" /dev/null "$1" && exec cat >"$1"';

const passedOn = 'HUP,INT,TERM';

/**
 * nsenter stays in front of the program. So that a signal to the group reaches the program and lets it end in its own
 * way, nsenter ignores it; and so that the program never outlives nsenter, the kernel kills it with nsenter.
 */
function inside(
  pid: number,
  argv: readonly [string, ...string[]],
  account: Account | undefined,
  cwd: string | undefined,
): [string, ...string[]] {
  const asAccount =
    account === undefined
      ? []
      : ['--reuid', String(account.uid), '--regid', String(account.gid), '--init-groups'];
  return [
    ...(['env', `--ignore-signal=${passedOn}`, 'nsenter', '-a', '-t', String(pid), '--'] as const),
    ...['env', `--default-signal=${passedOn}`, `--chdir=${cwd ?? '/'}`],
    ...['setpriv', '--pdeathsig', 'KILL', ...asAccount, '--', ...argv],
  ];
}
