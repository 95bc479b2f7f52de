import { hostname } from 'node:os';
import type { Client } from '@holdfast/client';
import { fileAs, folderAs, textAs } from '../archive/nodeFiles.ts';
import type { TarFile } from '../archive/tar.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { textWithoutSecrets, valueWithoutSecrets } from './withoutSecrets.ts';

/** What is asked of the machine; each within a bound, and whatever it answers. */
const questions = [
  ['system/addresses.txt', ['ip', 'address']],
  ['system/routes.txt', ['ip', 'route']],
  ['system/mounts.txt', ['findmnt', '--noheadings']],
  ['system/space.txt', ['df', '-P', '--local']],
  ['system/processes.txt', ['ps', '-eo', 'pid,ppid,stat,etime,rss,comm']],
  ['logs/systemd-journal.txt', ['journalctl', '--no-pager', '--lines=5000', '--unit=holdfast*']],
] as const satisfies readonly (readonly [string, readonly [string, ...string[]]])[];

const facts = ['os-release', 'version', 'uptime', 'meminfo', 'loadavg'] as const;

/**
 * Everything that helps to retell a night, as files of one archive: with the agent what it knows, without it what it
 * left. Secrets are taken out of all of it; what could not be had is named in the manifest with the reason.
 */
export async function collectSupport(
  around: Surroundings,
  client: Client,
  version: string,
): Promise<TarFile[]> {
  const missing: Record<string, string> = {};
  const asked = await Promise.all([
    said('status.json', client.status()),
    said('configuration.json', client.configuration()),
    said('operations.json', client.operations()),
    said('types.json', client.types()),
  ]);
  const left = asked[0]!.length > 0 ? [] : await fileAs('status.json', around.paths.statusFile);
  const { root } = around;
  const files = await Promise.all([
    fileAs('etc/agent.yaml', `${root}/etc/holdfast/agent.yaml`),
    folderAs('scripts', `${root}/etc/holdfast/scripts`),
    folderAs('logs', `${root}/var/log/holdfast`),
    ...facts.map((name) =>
      fileAs(`system/${name}`, name === 'os-release' ? '/usr/lib/os-release' : `/proc/${name}`),
    ),
  ]);
  const machine = await askMachine(missing);
  const manifest = {
    schema: 'holdfast.support/1',
    at: new Date(around.now()).toISOString(),
    host: hostname(),
    versions: { holdfast: version, node: process.version },
    missing,
  };
  const texts = [...left, ...files.flat(), ...machine].map((file) => ({
    ...file,
    mode: 0o600,
    content: Buffer.from(textWithoutSecrets(file.content.toString('utf8'))),
  }));
  return [textAs('manifest.json', JSON.stringify(manifest, null, 2)), ...asked.flat(), ...texts];

  async function said(
    name: string,
    asking: ReturnType<Client['status' | 'configuration' | 'operations' | 'types']>,
  ): Promise<TarFile[]> {
    const answer = await asking;
    if (answer.ok) return [textAs(name, JSON.stringify(valueWithoutSecrets(answer.value), null, 2))];
    missing[name] = answer.trouble.problems.map(({ what, why }) => `${what}: ${why}`).join('; ');
    return [];
  }
}

async function askMachine(missing: Record<string, string>): Promise<TarFile[]> {
  const { run } = await import('@holdfast/kit');
  const answers = await Promise.all(
    questions.map(async ([name, argv]) => {
      const ended = await run(argv, { budgetMs: 10_000 });
      if (!ended.ok) missing[name] = ended.says;
      return ended.stdout === '' ? [] : [textAs(name, ended.stdout)];
    }),
  );
  return answers.flat();
}
