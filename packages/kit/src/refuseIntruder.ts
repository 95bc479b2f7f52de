import { findIntruder } from './findIntruder.ts';
import type { FoundKit } from './findKit.ts';
import type { KitRefusal } from './kitRefusal.ts';

/** For whoever runs kits as root, before anything of a kit is run: its code is root's alone, or it is refused. */
export function refuseIntruder({ name, folder }: FoundKit): readonly KitRefusal[] {
  const why = findIntruder(folder);
  if (why === undefined) return [];
  const todo = `give it to root, and take the right to write from all others: chown -R root: ${folder}; chmod -R go-w ${folder}`;
  return [{ code: 'KIT_WRITABLE', what: `The kit ${name} is not safe to run`, why, todo }];
}
