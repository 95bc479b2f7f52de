import { join } from 'node:path';
import type { TarFile } from '../../../archive/tar.ts';
import { type LcdiCode, lcdiCodes } from '../lcdi/codes.ts';
import { type Call, defineCommand, misuse, refuse, report, succeed } from '../lcdi/defineCommand.ts';

export const lkbackup = defineCommand(
  {
    name: 'lkbackup',
    synopsis: '-c | -x [-f FILE]',
    says: 'Saves the whole configuration of this node into an archive, or brings it back: the document in force, agent.yaml, the global scripts and the flags. Bringing it back starts and stops nothing; a document that would forget a resource in service is refused, and then nothing is changed.',
    values: { f: ['FILE', 'The archive; with -c a new one under /var/lib/holdfast when left out'] },
    flags: { c: 'Create the archive', x: 'Bring back what is in it' },
    changes: true,
    isLocal: true,
    examples: [
      ['lkbackup -c', 'Prints where the archive is'],
      ['lkbackup -x -f /root/archive.tar.gz --dry-run', 'What would change?'],
      ['lkbackup -x -f /root/archive.tar.gz', 'Bring it back'],
    ],
  },
  async (call) => {
    if (call.flags.has('c') === call.flags.has('x')) return misuse(call, 'give one of -c and -x');
    if (call.flags.has('c')) return create(call);
    if (call.values.f === undefined) return misuse(call, '-x needs -f FILE');
    return restore(call, call.values.f);
  },
);

type Backup = Call<'f', 'c' | 'x'>;
const schema = 'holdfast.backup/1';

async function create(call: Backup): Promise<LcdiCode> {
  const { around, client } = call;
  const { fileAs, folderAs, textAs } = await import('../../../archive/nodeFiles.ts');
  const { stampOf, writeArchive } = await import('../../../archive/archiveFile.ts');
  const [configuration, status, flags] = await Promise.all([
    client.configuration(),
    client.status(),
    client.flags(),
  ]);
  if (!configuration.ok) return report(call, configuration.trouble);
  if (!status.ok) return report(call, status.trouble);
  if (!flags.ok) return report(call, flags.trouble);
  const at = around.now();
  const { generation, document } = configuration.value;
  // Those that begin with `!` are memory of a moment, not configuration.
  const lasting = flags.value.flags.filter((flag) => !flag.startsWith('!'));
  const manifest = {
    schema,
    node: status.value.node,
    at,
    version: status.value.agent.version,
    generation,
    flags: lasting,
  };
  const etc = join(around.root, '/etc/holdfast');
  const files = [
    textAs('manifest.json', JSON.stringify(manifest, null, 2)),
    textAs('configuration.json', JSON.stringify(document, null, 2)),
    ...(await fileAs('agent.yaml', join(etc, 'agent.yaml'))),
    ...(await folderAs('scripts', join(etc, 'scripts'))),
  ];
  const file = call.values.f ?? join(around.root, `/var/lib/holdfast/archive.${stampOf(at)}.tar.gz`);
  if (call.dryRun) return succeed(call, { result: 'planned', lines: files.map(({ name }) => name) });
  try {
    await writeArchive(file, files, at);
  } catch (error) {
    return refuse(call, lcdiCodes.failed, {
      code: 'ARCHIVE_NOT_WRITTEN',
      what: `${file} cannot be written`,
      why: (error as Error).message,
      todo: 'name another file: -f FILE',
    });
  }
  return succeed(call, { lines: [file], more: { file, generation } });
}

async function restore(call: Backup, file: string): Promise<LcdiCode> {
  const { around, client, dryRun } = call;
  const { readBackup } = await import('../../../archive/readBackup.ts');
  const read = await readBackup(file, schema);
  if ('why' in read) {
    return refuse(call, lcdiCodes.badArgument, {
      code: 'NO_BACKUP',
      what: `${file} cannot be brought back`,
      why: read.why,
      todo: 'name an archive that lkbackup -c made',
    });
  }
  const [present, flags] = await Promise.all([client.configuration(), client.flags()]);
  if (!present.ok) return report(call, present.trouble);
  if (!flags.ok) return report(call, flags.trouble);
  const lines: string[] = [];
  if (read.document !== null) {
    const basedOn = present.value.generation;
    const answer = await client.apply({ document: read.document, dryRun, by: around.by, basedOn });
    if (!answer.ok) return report(call, answer.trouble);
    const { showChanges } = await import('../../../document/showChanges.ts');
    lines.push(...showChanges(answer.value.changes, around.out.paint));
  }
  const { writeChanged } = await import('../../../archive/writeChanged.ts');
  const etc = join(around.root, '/etc/holdfast');
  const own: readonly TarFile[] = read.files;
  const written = await writeChanged(etc, own, { dryRun });
  lines.push(...written.map((name) => `~ ${join('/etc/holdfast', name)}`));
  for (const flag of read.flags.filter((one) => !flags.value.flags.includes(one))) {
    lines.push(`+ flag ${flag}`);
    const created = dryRun ? undefined : await client.createFlag({ flag, by: around.by });
    if (created?.ok === false) return report(call, created.trouble);
  }
  if (written.includes('agent.yaml')) lines.push('agent.yaml takes effect when the agent starts again');
  const ending =
    lines.length === 0
      ? 'nothing to do: all is as in the archive'
      : dryRun
        ? 'nothing was changed'
        : 'brought back';
  const result = lines.length === 0 ? 'nothing-to-do' : dryRun ? 'planned' : 'done';
  return succeed(call, { result, lines: [...lines, ending], more: { files: written } });
}
