import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, refuse, succeed } from '../lcdi/defineCommand.ts';

export const lksupport = defineCommand(
  {
    name: 'lksupport',
    synopsis: '[-f FILE]',
    says: 'Collects what helps to retell what happened into one archive: status, configuration, operations with their timelines, settings, global scripts, logs, versions, addresses and mounts. Secrets are taken out. It also works when the agent is down.',
    values: { f: ['FILE', 'Where to; in the folder for temporary files when left out'] },
    isLocal: true,
    examples: [
      ['lksupport', 'Prints where the archive is'],
      ['lksupport -f /root/for-support.tar.gz', 'Into this file'],
    ],
  },
  async (call) => {
    const { around, client } = call;
    const { collectSupport } = await import('../../../support/collectSupport.ts');
    const { stampOf, writeArchive } = await import('../../../archive/archiveFile.ts');
    const { version } = await import('../../../program/version.ts');
    const at = around.now();
    const file = call.values.f ?? join(tmpdir(), `lksupport-${stampOf(at)}.tar.gz`);
    const files = await collectSupport(around, client, version());
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
    return succeed(call, { lines: [file], more: { file, files: files.map(({ name }) => name) } });
  },
);
