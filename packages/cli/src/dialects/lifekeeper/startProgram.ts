import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SaidProblem } from '@holdfast/core';
import { run } from '@holdfast/kit';

export type StartedProgram =
  | Readonly<{ ok: true }>
  | Readonly<{ ok: false; problem: Omit<SaidProblem, 'path'> }>;

const unit = 'holdfast.service';
const unitFolders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Starts the agent and comes back; whether it gets ready is another question. */
export async function startProgram(root: string): Promise<StartedProgram> {
  // A node below a folder is no service of this machine.
  const isManaged = root === '' && (await hasUnit());
  const started = isManaged
    ? await run(['systemctl', 'start', '--no-block', unit], { budgetMs: 30_000 })
    : await startDetached(root);
  if (started.ok) return { ok: true };
  return {
    ok: false,
    problem: {
      code: 'AGENT_NOT_STARTED',
      what: 'The agent could not be started',
      why: started.says,
      todo: isManaged
        ? `see systemctl status ${unit}`
        : 'start it where you see what it says: holdfast agent',
    },
  };
}

async function startDetached(root: string) {
  const folder = join(root, '/var/log/holdfast');
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const argv = [
    'setsid',
    '--fork',
    '/bin/sh',
    here('startDetached.sh'),
    join(folder, 'agent.log'),
    here('../../../bin/holdfast'),
    'agent',
  ] as const;
  return run(argv, { budgetMs: 10_000, cwd: '/', ...(root === '' ? {} : { env: { HOLDFAST_ROOT: root } }) });
}

async function hasUnit(): Promise<boolean> {
  const found = await Promise.all(
    // The last says that systemd runs at all.
    [...unitFolders.map((folder) => join(folder, unit)), '/run/systemd/private'].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.pop() === true && found.includes(true);
}
