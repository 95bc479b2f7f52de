import { assertNever } from '@holdfast/core';
import type { CommandDescription } from '../program/options/description.ts';
import { bashScript } from './bashScript.ts';
import { completionTable } from './completionTable.ts';
import { fishScript } from './fishScript.ts';
import { zshScript } from './zshScript.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

export function completionScript(shell: Shell, commands: readonly CommandDescription[]): string {
  const table = completionTable(commands);
  switch (shell) {
    case 'bash':
      return bashScript(table);
    case 'zsh':
      return zshScript(table);
    case 'fish':
      return fishScript(table);
    default:
      return assertNever(shell);
  }
}
