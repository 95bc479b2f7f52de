import type { Client, Trouble } from '@holdfast/client';
import type { SaidProblem } from '@holdfast/core';
import type { PlacedProblem } from '../../../problems/showProblems.ts';
import type { Surroundings } from '../../../program/surroundings.ts';
import { type LcdiCode, lcdiCodeOf, lcdiCodes } from './codes.ts';
import { readOptions } from './readOptions.ts';
import type { Options, Spec } from './spec.ts';

/** One call of a command, with everything that it needs. */
export type Call<Value extends string = never, Flag extends string = never> = Options<Value, Flag> &
  Readonly<{ name: string; around: Surroundings; client: Client }>;

export type LcdiCommand = Readonly<{ spec: Spec; run: (around: Surroundings) => Promise<LcdiCode> }>;

/** Makes a command of what it takes and what it does: options, help and `-d` are the same for all. */
export function defineCommand<Value extends string, Flag extends string = never>(
  spec: Spec<Value, Flag>,
  act: (call: Call<Value, Flag>) => Promise<LcdiCode>,
): LcdiCommand {
  return {
    spec,
    run: async (around) => {
      const read = readOptions(spec, around.args);
      switch (read.kind) {
        case 'help':
          around.out.print(...(await import('./showHelp.ts')).showHelp(spec));
          return lcdiCodes.done;
        case 'version':
          around.out.print((await import('../../../program/version.ts')).version());
          return lcdiCodes.done;
        case 'misused':
          return misuse({ name: spec.name, around }, read.what);
        case 'options': {
          const { d: node } = read.options.values;
          if (node !== undefined) around.asked.choose(node);
          return act({ ...read.options, name: spec.name, around, client: around.asked.connect() });
        }
      }
    },
  };
}

export function misuse({ name, around }: { name: string; around: Surroundings }, what: string): LcdiCode {
  around.err.print(`${name}: ${what}`, `See ${name} --help`);
  return lcdiCodes.usage;
}

/** Why there is no answer, or why it was refused. */
export async function report(
  call: Pick<Call, 'around' | 'isJson'>,
  trouble: Trouble,
  code: LcdiCode = lcdiCodeOf(trouble),
): Promise<LcdiCode> {
  const { around, isJson } = call;
  const problems: readonly PlacedProblem[] = trouble.problems;
  if (isJson) {
    const { resultLine } = await import('../../../problems/resultLine.ts');
    const result = trouble.kind === 'Refused' ? 'refused' : 'no-answer';
    around.out.print(resultLine({ exitCode: code, result, problems }));
  } else {
    const { showProblems } = await import('../../../problems/showProblems.ts');
    around.err.print(...showProblems(problems, around.err));
  }
  return code;
}

/** A refusal that the command knows by itself. */
export function refuse(
  call: Pick<Call, 'around' | 'isJson'>,
  code: LcdiCode,
  problem: Omit<SaidProblem, 'path'> & { path?: string },
): Promise<LcdiCode> {
  return report(call, { kind: 'Refused', problems: [{ path: '', ...problem }] }, code);
}

/** Says that all went well, in JSON too. */
export async function succeed(
  call: Pick<Call, 'around' | 'isJson'>,
  done: { result?: 'done' | 'nothing-to-do' | 'planned'; lines?: readonly string[]; more?: object },
): Promise<LcdiCode> {
  const { around, isJson } = call;
  if (isJson) {
    const { resultLine } = await import('../../../problems/resultLine.ts');
    around.out.print(resultLine({ exitCode: lcdiCodes.done, result: done.result ?? 'done', ...done.more }));
  } else around.out.print(...(done.lines ?? []));
  return lcdiCodes.done;
}
