import { openSync, readSync } from 'node:fs';
import type { BootClock } from '../keeper/bootClock.ts';

/** The time since boot, with what was slept through, in steps of ten milliseconds. The file stays open. */
export function openBootClock(): BootClock {
  const file = openSync('/proc/uptime', 'r');
  const buffer = Buffer.alloc(64);
  return {
    now: () => {
      const length = readSync(file, buffer, 0, buffer.length, 0);
      const [seconds, hundredths] = buffer.toString('latin1', 0, length).split(' ', 1)[0]!.split('.') as [
        string,
        string,
      ];
      return Number(seconds) * 1000 + Number(hundredths) * 10;
    },
  };
}
