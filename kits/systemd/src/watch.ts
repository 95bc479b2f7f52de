import { fileURLToPath } from 'node:url';
import type { Watch } from '@holdfast/kit';
import type { Settings } from './settings.ts';

const listen = fileURLToPath(new URL('program/main.ts', import.meta.url));

/** systemd tells of each change of the unit to who has subscribed; a small program does, and prints a line of each. */
export function watch({ unit }: Settings): readonly Watch[] {
  return [
    { kind: 'command', argv: [process.execPath, '--disable-warning=ExperimentalWarning', listen, unit] },
  ];
}
