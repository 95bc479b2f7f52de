import { readdir } from 'node:fs/promises';
import { LabError } from './labError.ts';

/** The programs of the newest PostgreSQL that is installed here, and so in every node. */
export async function findPostgres(): Promise<string> {
  const folder = '/usr/lib/postgresql';
  const majors = (await readdir(folder).catch(() => [])).map(Number).filter((major) => major > 0);
  if (majors.length > 0) return `${folder}/${Math.max(...majors)}/bin`;
  throw new LabError({
    what: 'The lab found no PostgreSQL.',
    why: `${folder} has no version in it`,
    todo: 'install what is missing with: node packages/lab/setup.js',
  });
}
