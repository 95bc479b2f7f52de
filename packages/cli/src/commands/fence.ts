import { connect } from '@holdfast/client';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { isSure } from '../fence/isSure.ts';
import { showFences, showFenceTest } from '../fence/showFences.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { misused, parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { wrap } from '../text/wrap.ts';

type Options = {
  what: string;
  node?: string;
  why?: string;
  'dry-run'?: boolean;
  yes?: boolean;
  json?: boolean;
};

export async function fence(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast fence', (parser) =>
    parser
      .usage(
        'Usage: holdfast fence NODE | list | test [NODE]\n\n' +
          'Cuts the power of a node now by its fence devices, also of one that hangs but still\n' +
          'gives signs of life: what it had is taken over. list shows how each node would be\n' +
          'fenced and how that stands; test asks the devices whether they work.',
      )
      .command('$0 <what> [node]', false, (inner) =>
        inner
          .positional('what', { type: 'string', demandOption: true, describe: 'A node, or list, or test' })
          .positional('node', { type: 'string', describe: 'test: only this one' }),
      )
      .option('why', { type: 'string', requiresArg: true, describe: 'For the records' })
      .option('dry-run', { type: 'boolean', describe: 'Whether it could be fenced, and what it has' })
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Do not ask' })
      .option('json', { type: 'boolean', describe: 'As JSON: holdfast.fences/1, fence-test/1, fence/1' })
      .example('holdfast fence test', 'Would every node be fenced if it had to?')
      .example('holdfast fence alpha --why "hangs"', 'Cut the power of alpha'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const options = parsed.options as Options;
  if (options.what === 'list') return list(around, options);
  if (options.what === 'test') return test(around, options);
  if (options.node !== undefined)
    return misused(around, 'holdfast fence', 'name one node, or list, or test').exitCode;
  return fenceNow(around, options);
}

async function list(around: Surroundings, { json: isJson = false }: Options): Promise<ExitCode> {
  const answer = await connect({ socketPath: around.paths.socket }).fences();
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { fences } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.fences/1', fences }));
  else around.out.print(...showFences(fences, around.out));
  return exitCodes.done;
}

/** One node after the other; each is told of as soon as it is known. */
async function test(around: Surroundings, { node, json: isJson = false }: Options): Promise<ExitCode> {
  const client = connect({ socketPath: around.paths.socket });
  const all = await client.fences();
  if (!all.ok) return reportTrouble(around, { trouble: all.trouble, isJson });
  const named = all.value.fences.filter((one) => one.levels.length > 0).map((one) => one.node);
  const status = await client.status();
  const self = status.ok ? status.value.node : undefined;
  const nodes = node === undefined ? named.filter((one) => one !== self) : [node];
  if (nodes.length === 0) {
    around.err.print('no other node can be fenced: the configuration has no fencing for one');
    return exitCodes.failed;
  }
  let exitCode: ExitCode = exitCodes.done;
  for (const one of nodes) {
    const answer = await client.testFence(one, around.by);
    if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
    const { devices } = answer.value;
    if (devices.length === 0 || devices.some(({ works }) => !works)) exitCode = exitCodes.failed;
    if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.fence-test/1', ...answer.value }));
    else around.out.print(...showFenceTest(answer.value, around.out));
  }
  return exitCode;
}

async function fenceNow(around: Surroundings, options: Options): Promise<ExitCode> {
  const { what: node, why = '', 'dry-run': dryRun = false, yes = false, json: isJson = false } = options;
  const client = connect({ socketPath: around.paths.socket });
  const asked = { why, by: around.by };
  const before = await client.fence(node, { ...asked, dryRun: true });
  if (!before.ok) return reportTrouble(around, { trouble: before.trouble, isJson });
  const { tags } = before.value;
  const has = tags.length === 0 ? `${node} has nothing` : `${node} has ${tags.join(', ')}`;
  const print = (says: string): void =>
    around.out.print(...wrap(says, { first: '', width: around.out.width, hang: 2 }));
  if (dryRun) {
    if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.fence/1', ...before.value }));
    else print(`${has}; it can be fenced`);
    return exitCodes.done;
  }
  const question = `${has}. Cut its power now?`;
  const refused = await isSure(around, { question, yes, isJson, command: `holdfast fence ${node}` });
  if (refused !== undefined) return refused;
  const answer = await client.fence(node, asked);
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  const { result, says } = answer.value;
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.fence/1', ...answer.value }));
  else print(`fence of ${node}: ${result}: ${says}`);
  return result === 'confirmed' ? exitCodes.done : exitCodes.failed;
}
