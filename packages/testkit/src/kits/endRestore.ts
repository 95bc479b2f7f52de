import { fileURLToPath } from 'node:url';
import type { Started, StartOptions } from '@holdfast/kit';

const program = fileURLToPath(new URL('programs/restoreUntilKilled.ts', import.meta.url));

type Host = Readonly<{ start: (argv: readonly [string, ...string[]], options: StartOptions) => Started }>;

export type EndedRestore = Readonly<{
  kit: string;
  settings: object;
  signal: 'SIGTERM' | 'SIGKILL';
  /** So long after it began. */
  afterMs: number;
}>;

/** Begins a restore in a host, ends it half-way, and waits until its process is gone. */
export async function endRestore(
  host: Host,
  { kit, settings, signal, afterMs }: EndedRestore,
): Promise<void> {
  const words = [program, kit, JSON.stringify(settings)];
  const started = host.start([process.execPath, '--disable-warning=ExperimentalWarning', ...words], {
    onOutput: (text) => {
      if (text.includes('begun')) setTimeout(() => started.kill(signal), afterMs);
    },
  });
  await started.ended;
}
