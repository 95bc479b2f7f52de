import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { callScript } from './callScript.ts';
import type { ScriptName, Settings } from './settings.ts';

/** Runs a script that changes something: 0 is success, and everything else is not. */
export async function act(call: KitCall<Settings>, name: ScriptName): Promise<Outcome> {
  const called = await callScript(call, name);
  const { path } = call.settings[name]!;
  if (!called.ran)
    return failed(
      called.evidence,
      `bring the configured script to ${path}, with root as its owner and mode 755`,
    );
  const { end, evidence } = called;
  return end.exitCode === 0 ? done(evidence) : failed(evidence, end.said.todo ?? `see what ${path} needs`);
}
