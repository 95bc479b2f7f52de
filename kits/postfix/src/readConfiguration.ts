import { stat } from 'node:fs/promises';
import { failed, type KitCall, type Outcome } from '@holdfast/kit';
import type { Settings } from './settings.ts';

/** One line of master.cf. */
export type Service = Readonly<{
  name: string;
  isInet: boolean;
  isChrooted: boolean;
  /** 0 for no limit. */
  processesMax: number;
  program: string;
  /** It speaks TLS from the first byte, so it greets nobody who does not. */
  isWrapped: boolean;
}>;

export type Configuration = Readonly<{
  queueDirectory: string;
  dataDirectory: string;
  mailOwner: string;
  interfaces: readonly string[];
  protocols: string;
  logFile: string;
  messageSizeMax: number;
  services: readonly Service[];
  /** What Postfix itself has to say about it, such as a parameter that it does not know. */
  warnings: readonly string[];
}>;

const names = [
  ...(['queue_directory', 'data_directory', 'mail_owner', 'inet_interfaces', 'inet_protocols'] as const),
  ...(['maillog_file', 'message_size_limit', 'default_process_limit'] as const),
];

type Call = Pick<KitCall<Settings>, 'settings' | 'run' | 'memory'>;

/** What main.cf and master.cf say, by Postfix's own reading; read again only when one of the files has changed. */
export async function readConfiguration(call: Call): Promise<Configuration | Outcome> {
  const { configDirectory } = call.settings;
  const files = ['main.cf', 'master.cf'].map((name) => `${configDirectory}/${name}`);
  const marks = await Promise.all(files.map(markOf));
  const missing = files.filter((_, index) => marks[index] === undefined);
  if (missing.length > 0) {
    return failed(
      `there is no ${missing.join(', no ')}`,
      'see that its file system is mounted: the resource should need it; or correct configDirectory',
    );
  }
  const key = marks.join(' ');
  const kept = call.memory.get('configuration') as { key: string; read: Configuration } | undefined;
  if (kept?.key === key) return kept.read;
  const read = await ask(call);
  if (!('result' in read)) call.memory.set('configuration', { key, read });
  return read;
}

async function markOf(file: string): Promise<string | undefined> {
  const status = await stat(file, { bigint: true }).catch(() => undefined);
  return status === undefined ? undefined : `${status.dev}:${status.ino}:${status.size}:${status.mtimeNs}`;
}

async function ask({ settings, run }: Call): Promise<Configuration | Outcome> {
  const { configDirectory, commandDirectory } = settings;
  const postconf = [`${commandDirectory}/postconf`, '-c', configDirectory] as const;
  const [main, master] = await Promise.all([
    run([...postconf, '-x', ...names], { budgetMs: 10_000 }),
    run([...postconf, '-M'], { budgetMs: 10_000 }),
  ]);
  for (const asked of [main, master]) {
    if (asked.ok) continue;
    const words = /fatal: (.*)/.exec(asked.stderr)?.[1] ?? asked.says;
    return failed(
      words,
      asked.ending === 'not-started'
        ? 'install Postfix, or set commandDirectory'
        : 'correct the configuration: another node would read the same',
    );
  }
  const value = new Map(
    main.stdout.split('\n').map((line): [string, string] => {
      const end = line.indexOf(' = ');
      return end === -1 ? [line.replace(/ =$/, ''), ''] : [line.slice(0, end), line.slice(end + 3)];
    }),
  );
  const text = (name: (typeof names)[number]): string => value.get(name) ?? '';
  return {
    queueDirectory: text('queue_directory'),
    dataDirectory: text('data_directory'),
    mailOwner: text('mail_owner'),
    interfaces: text('inet_interfaces')
      .split(/[\s,]+/)
      .filter(Boolean),
    protocols: text('inet_protocols'),
    logFile: text('maillog_file'),
    messageSizeMax: Number(text('message_size_limit')),
    services: master.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => readService(line, Number(text('default_process_limit')))),
    warnings: [...new Set([...main.stderr.matchAll(/warning: (.*)/g)].map(([, words]) => words!))],
  };
}

/** `postconf -M` writes one service on a line, with a dash where a field has its default. */
export function readService(line: string, processLimit: number): Service {
  const [name = '', type, , , chroot, , limit = '-', program = '', ...options] = line.trim().split(/\s+/);
  return {
    name,
    isInet: type === 'inet',
    isChrooted: chroot === 'y',
    processesMax: limit === '-' ? processLimit : Number(limit),
    program,
    isWrapped: options.some((option) => /smtpd_tls_wrappermode=yes/.test(option)),
  };
}
