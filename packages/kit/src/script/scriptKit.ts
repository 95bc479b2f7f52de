import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { contractVersion, failed, type Kit, type KitCall, type Watch } from '../contract.ts';
import { act, check, judgeReadiness } from './answers.ts';
import { fillIn } from './fillIn.ts';
import type { KitFile, WrittenWatch } from './kitFile.ts';
import type { Script } from './runScript.ts';
import { settingSchema } from './settingSchema.ts';
import { callVariables, type ScriptSettings, settingVariables } from './variables.ts';

export const scriptActions = ['restore', 'remove', 'quickCheck'] as const;
export const optionalScriptActions = ['deepCheck', 'recover', 'watch', 'preflight', 'abort'] as const;
export type ScriptAction = (typeof scriptActions)[number] | (typeof optionalScriptActions)[number];

type Call = KitCall<ScriptSettings>;

/** A folder of executables as a kit like every other: nobody who calls it needs to know the difference. */
export function scriptKit(folder: string, file: KitFile, executables: ReadonlySet<ScriptAction>): Kit {
  const secrets = Object.keys(file.settings).filter((name) => file.settings[name]!.type === 'secretFile');
  const identity = (settings: ScriptSettings): string => fillIn(file.identity, settings);
  const scriptOf = (action: ScriptAction, settings: ScriptSettings): Script => ({
    path: join(folder, action),
    action,
    id: identity(settings),
    folder,
    variables: settingVariables(settings),
    secretFiles: new Map(
      secrets.filter((name) => settings[name] !== undefined).map((name) => [name, String(settings[name])]),
    ),
  });
  const runs = <Answer>(
    action: ScriptAction,
    perform: (call: Call, script: Script) => Promise<Answer>,
  ): Record<string, (call: Call) => Promise<Answer>> =>
    executables.has(action) ? { [action]: (call) => perform(call, scriptOf(action, call.settings)) } : {};

  const kit = {
    contract: contractVersion,
    type: file.type,
    summary: file.summary,
    settings: z.strictObject(
      Object.fromEntries(Object.entries(file.settings).map(([name, one]) => [name, settingSchema(one)])),
    ),
    identity,
    ...(file.exclusive === undefined ? {} : { exclusive: file.exclusive }),
    budgets: budgetsOf(file),
    ...runs('restore', async (call, script) => {
      const open = await findOpenSecret(script);
      return open === undefined ? act(call, script) : failed(open, 'take it from others: chmod o-rwx FILE');
    }),
    ...runs('remove', act),
    ...runs('recover', act),
    ...runs('quickCheck', check),
    ...runs('deepCheck', check),
    ...runs('preflight', judgeReadiness),
    ...runs('abort', async (call, script) => [
      {
        argv: asProgram(script, { ...script.variables, ...callVariables(call, script) }, ['-t', call.tag]),
        budgetMs: file.timeouts.abort,
      },
    ]),
    watch: (settings: ScriptSettings): readonly Watch[] => [
      ...file.watch.map((one) => watchOf(one, settings)),
      ...(executables.has('watch') ? [commandOf(scriptOf('watch', settings))] : []),
    ],
  };
  return kit as unknown as Kit;
}

function budgetsOf({ timeouts: { restore, remove, quickCheck, recover } }: KitFile): Kit['budgets'] {
  return { restore, remove, quickCheck, recover: recover ?? restore + remove };
}

/** What others start without the kit brings its variables along. */
function asProgram(
  script: Script,
  variables: Readonly<Record<string, string>>,
  words: readonly string[],
): [string, ...string[]] {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return ['env', ...set, script.path, ...words, '-i', script.id];
}

function commandOf(script: Script): Watch {
  const { action, folder, id } = script;
  const own = { HOLDFAST_ACTION: action, HOLDFAST_ID: id, HOLDFAST_KIT: folder };
  const { HOLDFAST_LIB } = callVariables(nobody, script);
  return {
    kind: 'command',
    argv: asProgram(script, { ...script.variables, ...own, HOLDFAST_LIB: HOLDFAST_LIB! }, []),
  };
}

/** A watch belongs to settings alone, not to a call. */
const nobody = { tag: '', node: '', epoch: 0, budgetMs: 0 } as unknown as Call;

function watchOf(written: WrittenWatch, settings: ScriptSettings): Watch {
  switch (written.kind) {
    case 'address':
      return { ...written, address: fillIn(written.address, settings) };
    case 'mount':
      return { ...written, mountPoint: fillIn(written.mountPoint, settings) };
    case 'process':
      return { ...written, pidFile: fillIn(written.pidFile, settings) };
    case 'command': {
      const [program, ...words] = written.argv.map((word) => fillIn(word, settings));
      return { kind: 'command', argv: [program!, ...words] };
    }
  }
}

/** A secret that everybody can read is none. */
async function findOpenSecret({ secretFiles }: Script): Promise<string | undefined> {
  for (const [setting, path] of secretFiles) {
    const state = await stat(path).catch(() => undefined);
    if (state === undefined) return `${setting}: ${path} is not there`;
    if ((state.mode & 0o007) !== 0) return `${setting}: everybody can read ${path}`;
  }
  return undefined;
}
