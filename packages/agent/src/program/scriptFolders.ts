import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@holdfast/kit';
import type { Scripts } from '../index.ts';

type Refusal = Awaited<ReturnType<Scripts['find']>>['refusals'][number];

/** What package managers and editors leave beside a file, and what an administrator has put aside. */
const leftovers = /^\.|~$|\.(dpkg|rpm|ucf)[-\w]*$|\.(bak|disabled|swp)$/;

const scriptsMax = 64;

/**
 * The operator's programs in folders such as `pre-restore.d`, in the order of their names. They run as root: a folder
 * or a file that somebody else could have written is refused, and with it all that belongs to that moment.
 */
export function scriptFolders({ folder, budgetMs }: { folder: string; budgetMs: number }): Scripts {
  return {
    find: async (moment) => {
      const place = join(folder, `${moment}.d`);
      const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (names === undefined) return { scripts: [], refusals: [] };
      const scripts: string[] = [];
      const refusals = [...(await refusalsOf(place, 'a folder')), ...(await refusalsOf(folder, 'a folder'))];
      for (const name of names.filter((one) => !leftovers.test(one)).sort()) {
        const path = join(place, name);
        const facts = await lstat(path);
        // As a README there: what may not be executed is no script.
        if (facts.isFile() && (facts.mode & 0o111) === 0) continue;
        const refused = await refusalsOf(path, 'a file');
        refusals.push(...refused);
        if (refused.length === 0) scripts.push(path);
      }
      if (scripts.length > scriptsMax) refusals.push(tooMany(place, scripts.length));
      return { scripts, refusals };
    },
    run: async (script, { args, env }) => {
      const ended = await run([script, ...args], { budgetMs, env, cwd: '/' });
      return { result: ended.ok ? 'done' : 'failed', evidence: ended.says, tookMs: ended.tookMs };
    },
  };
}

async function refusalsOf(path: string, kind: 'a file' | 'a folder'): Promise<Refusal[]> {
  const facts = await lstat(path);
  const isKind = kind === 'a file' ? facts.isFile() : facts.isDirectory();
  if (!isKind)
    return [{ path, why: `it is not ${kind}`, todo: 'put the script itself there, not a link to it' }];
  if (facts.uid !== 0)
    return [
      { path, why: `it belongs to the user ${facts.uid} and would run as root`, todo: `chown root ${path}` },
    ];
  if ((facts.mode & 0o022) !== 0)
    return [{ path, why: 'others than root may write to it', todo: `chmod go-w ${path}` }];
  return [];
}

function tooMany(path: string, count: number): Refusal {
  return {
    path,
    why: `${count} scripts are there, and ${scriptsMax} are allowed`,
    todo: 'join some of them',
  };
}
