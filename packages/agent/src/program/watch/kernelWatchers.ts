import type { Tag } from '@holdfast/core';
import type { Watch } from '@holdfast/kit';
import type { Log, Watched, Watchers } from '../../index.ts';
import { readAddressEvent } from './addressEvents.ts';
import { readMountEvent } from './mountEvents.ts';
import { ProcessWatch } from './processWatch.ts';
import { Supervised } from './supervised.ts';

type Listening = { readonly tag: Tag; readonly watch: Watch; close?: () => void };

/**
 * Listens to the kernel for what the kits declare: one `ip monitor` and one `findmnt --poll` for all resources, a
 * `pidwait` for each process. A line only suspects; a check follows and decides.
 */
export function kernelWatchers(given: {
  log: Log;
  folder: string;
  onRestart: (program: string) => void;
}): Watchers {
  const { log, folder, onRestart } = given;
  const listening = new Map<string, Listening>();
  let suspect: (tag: Tag, why: string) => void = () => undefined;
  let addresses: Supervised | undefined;
  let mounts: Supervised | undefined;

  return {
    onSuspicion: (listener) => {
      suspect = listener;
    },
    watch: (wanted) => {
      const keys = new Map(
        wanted.flatMap((one) =>
          one.watches.map((watch) => [keyOf(one, watch), { tag: one.tag, watch }] as const),
        ),
      );
      for (const [key, { close }] of listening) {
        if (keys.has(key)) continue;
        close?.();
        listening.delete(key);
      }
      for (const [key, { tag, watch }] of keys)
        if (!listening.has(key)) listening.set(key, listen(tag, watch));
    },
    close: () => {
      for (const { close } of listening.values()) close?.();
      listening.clear();
      addresses?.close();
      mounts?.close();
    },
  };

  function listen(tag: Tag, watch: Watch): Listening {
    switch (watch.kind) {
      case 'address':
        addresses ??= new Supervised({
          argv: ['ip', '-o', 'monitor', 'address', 'link'],
          log,
          onLine: onAddressLine,
          onRestart,
          onGap: () => suspectAll('address'),
        });
        return { tag, watch };
      case 'mount':
        mounts ??= new Supervised({
          argv: ['findmnt', '--poll', '--raw', '-n', '-o', 'ACTION,TARGET,OLD-TARGET'],
          log,
          onLine: onMountLine,
          onRestart,
          onGap: () => suspectAll('mount'),
        });
        return { tag, watch };
      case 'process': {
        const waiting = new ProcessWatch({
          pidFile: watch.pidFile,
          folder,
          onEnd: () => suspect(tag, 'its process ended'),
        });
        return { tag, watch, close: () => waiting.close() };
      }
      case 'command': {
        const running = new Supervised({
          argv: watch.argv,
          log,
          onLine: () => suspect(tag, `${watch.argv[0]} said something`),
          onRestart,
          onGap: () => suspect(tag, `${watch.argv[0]} was started again`),
        });
        return { tag, watch, close: () => running.close() };
      }
    }
  }

  function onAddressLine(line: string): void {
    const event = readAddressEvent(line);
    if (event === undefined) return;
    for (const { tag, watch } of listening.values()) {
      if (watch.kind !== 'address') continue;
      if (event.kind === 'link') suspect(tag, 'a link changed');
      else if (event.address === watch.address) suspect(tag, `${watch.address} changed`);
    }
  }

  function onMountLine(line: string): void {
    const places = readMountEvent(line);
    for (const { tag, watch } of listening.values()) {
      if (watch.kind === 'mount' && places.includes(watch.mountPoint))
        suspect(tag, `the mounts at ${watch.mountPoint} changed`);
    }
  }

  function suspectAll(kind: Watch['kind']): void {
    for (const { tag, watch } of listening.values())
      if (watch.kind === kind) suspect(tag, 'nobody listened for a moment');
  }
}

/** A process is looked up anew in each life of its resource; the rest stays as long as it says the same. */
function keyOf({ tag, life }: Watched, watch: Watch): string {
  return JSON.stringify([tag, watch, watch.kind === 'process' ? life : 0]);
}
