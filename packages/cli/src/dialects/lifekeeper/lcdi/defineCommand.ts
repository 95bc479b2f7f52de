import { type Client, connect, type Trouble } from '@holdfast/client';
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
          const client = connect({ socketPath: around.paths.socket });
          const call = { ...read.options, name: spec.name, around, client };
          const elsewhere = await answerForOther(call);
          return elsewhere ?? act(call);
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

/** `-d`: this node by its own name is this node; any other cannot be asked from here. Undefined: go on. */
async function answerForOther(
  call: Pick<Call, 'around' | 'isJson' | 'client'> & { values: { d?: string | undefined } },
): Promise<LcdiCode | undefined> {
  const { d: node } = call.values;
  if (node === undefined) return undefined;
  const status = await call.client.status();
  if (!status.ok) return report(call, status.trouble);
  if (node === status.value.node) return undefined;
  const known = status.value.nodes.find(({ name }) => name === node);
  if (known === undefined) {
    return refuse(call, lcdiCodes.missing, {
      code: 'UNKNOWN_NODE',
      what: `There is no node ${node}`,
      why: `this node knows ${status.value.nodes.map(({ name }) => name).join(', ')}`,
      todo: 'list them: sys_list',
    });
  }
  return refuse(call, lcdiCodes.unreachable, {
    code: 'NODE_UNREACHABLE',
    what: `The node ${node} cannot be asked from here`,
    why: `agents do not speak to each other yet; of ${node} it is known that it is ${known.state}`,
    todo: `run the command on ${node}`,
  });
}
