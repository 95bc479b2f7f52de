import type { CommandRequest } from '@holdfast/core';
import type { ExitCode } from '../exitCodes.ts';
import { askBeforeCommand } from './askBeforeCommand.ts';
import type { Performing } from './performCheck.ts';
import { performCommand } from './performCommand.ts';

/** Gives a command and follows it; a person at a terminal is asked before something goes down. */
export async function askThenPerform(
  performing: Performing & Readonly<{ yes: boolean }>,
  request: CommandRequest,
): Promise<ExitCode> {
  return (await askBeforeCommand(performing, request, performing)) ?? performCommand(performing, request);
}
