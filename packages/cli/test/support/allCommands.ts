import { describeAll } from '../../src/program/describeAll.ts';
import type { CommandDescription } from '../../src/program/options/description.ts';
import { surroundingsOf } from '../../src/program/surroundings.ts';

/** What every command says of itself. */
export function allCommands(): Promise<readonly CommandDescription[]> {
  return describeAll(surroundingsOf('test', [], async () => []));
}
