import type { AbortStep, KitCall } from '@holdfast/kit';
import { findInstance } from './findInstance.ts';
import { type Configuration, readConfiguration } from './readConfiguration.ts';
import type { Settings } from './settings.ts';

/** As long as the kernel keeps of a name. */
const nameMax = 15;

/**
 * The master leads a process group with all its children in it: one program ends them all. It looks at the names as
 * well, so that nobody is hit who was given the group's number after Postfix had ended.
 */
export async function abort(call: KitCall<Settings>): Promise<readonly AbortStep[]> {
  const { master } = await findInstance(call.settings);
  if (master === undefined) return [];
  const read = await readConfiguration(call);
  const programs = 'result' in read ? alwaysThere : namesOf(read);
  const names = programs.map((name) => name.slice(0, nameMax).replaceAll(/[^\w-]/g, '.'));
  return [
    { argv: ['pkill', '-KILL', '-g', String(master.pid), '-x', `(${names.join('|')})`], budgetMs: 500 },
  ];
}

const alwaysThere = ['master', 'qmgr', 'pickup', 'smtpd', 'cleanup', 'trivial-rewrite', 'smtp', 'local'];

function namesOf({ services }: Configuration): readonly string[] {
  return [...new Set([...alwaysThere, ...services.map(({ program }) => program)])];
}
