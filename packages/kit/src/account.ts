import type { Run } from './run.ts';
import type { Account } from './start.ts';

/** Looks an account up by name or number; undefined when the system does not know it. */
export async function accountOf(nameOrUid: string | number, run: Run): Promise<Account | undefined> {
  const passwd = await run(['getent', 'passwd', String(nameOrUid)], { budgetMs: 5_000 });
  const [name, , uid, gid] = passwd.stdout.trim().split(':');
  if (!passwd.ok || name === undefined || uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid) };
}
