import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@holdfast/client';
import { stampOf, writeArchive } from '../archive/archiveFile.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { refuse } from '../problems/refuse.ts';
import { resultLine } from '../problems/resultLine.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { version } from '../program/version.ts';
import { collectSupport } from '../support/collectSupport.ts';

export async function support(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast support', (parser) =>
    parser
      .usage(
        'Usage: holdfast support [FILE]\n\n' +
          'Collects what helps to retell what happened into one archive: status,\n' +
          'configuration, operations with their timelines, settings, logs, versions,\n' +
          'addresses and mounts. Secrets are taken out. It also works when the agent is down.',
      )
      .command('$0 [file]', false)
      .positional('file', {
        type: 'string',
        describe: 'Where to; in the folder for temporary files when left out',
      })
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.result/1' })
      .example('holdfast support', 'Prints where the archive is')
      .example('holdfast support /root/for-support.tar.gz', 'Into this file'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const isJson = parsed.options.json === true;
  const at = around.now();
  const file = parsed.options.file ?? join(tmpdir(), `holdfast-support-${stampOf(at)}.tar.gz`);
  const files = await collectSupport(around, connect({ socketPath: around.paths.socket }), version());
  try {
    await writeArchive(file, files, at);
  } catch (error) {
    return refuse(around, {
      code: 'ARCHIVE_NOT_WRITTEN',
      what: `${file} cannot be written`,
      why: (error as Error).message,
      todo: 'name another file',
      isJson,
    });
  }
  const names = files.map(({ name }) => name);
  around.out.print(
    isJson ? resultLine({ exitCode: exitCodes.done, result: 'done', file, files: names }) : file,
  );
  return exitCodes.done;
}
