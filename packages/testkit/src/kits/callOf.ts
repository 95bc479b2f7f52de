import { hostname } from 'node:os';
import { type Kit, type KitCall, run } from '@holdfast/kit';

type Given = Readonly<{ settings: unknown; signal: AbortSignal; budgetMs: number }> &
  Partial<Pick<KitCall<unknown>, 'epoch' | 'memory'>> & { warn?: (says: string) => void };

/** A call as an agent makes it, of a resource that is named after its type. */
export function callOf(kit: Kit, { settings, signal, budgetMs, ...rest }: Given): KitCall<unknown> {
  const { epoch = 1, memory = new Map(), warn } = rest;
  return {
    tag: kit.type as never,
    node: hostname() as never,
    settings: kit.settings.parse(settings),
    epoch,
    args: [],
    signal,
    budgetMs,
    memory,
    log: { debug: () => undefined, info: () => undefined, warn: (_, says) => warn?.(says) },
    run: (argv, options) => run(argv, { signal, ...options }),
  };
}
