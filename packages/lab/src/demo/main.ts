import { parseArgs } from 'node:util';
import { type Lab, type LabNode, openLab } from '../index.ts';
import { tellOneNode } from './oneNode/tellOneNode.ts';
import { type Printer, printer } from './printer.ts';
import { tellTwoNodes } from './twoNodes/tellTwoNodes.ts';

const help = `Shows Holdfast at work, in a lab of its own on this machine: a node with a
database on a disk, a client on the network, failures, and repairs; or two nodes
with a third that only votes, where the database moves, and survives a power
cut. Nothing is changed outside the lab, and nothing is left. Needs root.

  npm run demo
  npm run demo -- --nodes 2      two nodes, and the third that votes
  npm run demo -- --keep         leave the lab open, the database in service
  npm run demo -- --json         a line of JSON for each thing said, measured
  npm run demo -- --unhurried    wider times for two nodes, on a busy machine

Exit code: 0 all went as told, 1 it did not, 2 usage, 130 interrupted.
`;

const stories = { '1': tellOneNode, '2': tellTwoNodes } as const;
type Options = Readonly<{
  help: boolean;
  json: boolean;
  keep: boolean;
  unhurried: boolean;
  nodes: keyof typeof stories;
}>;

function readOptions(): Options | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const nodes = { type: 'string', default: '1' } as const;
    const options = {
      help: { ...flag, short: 'h' },
      json: flag,
      keep: flag,
      unhurried: flag,
      nodes,
    } as const;
    const { values } = parseArgs({ options });
    if (values.nodes !== '1' && values.nodes !== '2')
      throw new Error(`--nodes ${values.nodes}: there is a story of 1 node, and one of 2`);
    return { ...values, nodes: values.nodes };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const print = printer({ json: options.json, write: (text) => process.stdout.write(text) });
  const opening = openLab({ keep: options.keep });
  closeWhenInterrupted(opening);
  const lab = await opening;
  try {
    const nodes = await stories[options.nodes](lab, print, options);
    if (options.keep) {
      tellHowToGoOn(lab, nodes, print);
      return 0;
    }
  } catch (error) {
    await lab.close();
    throw error;
  }
  await lab.close();
  print.say('The lab is closed; nothing of it is left.');
  return 0;
}

/** Also a lab that is to be kept, and also one that is just being opened. */
function closeWhenInterrupted(opening: Promise<Lab>): void {
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [signal, code] of Object.entries(codes)) {
    process.once(signal, () => {
      // What was under way fails as its lab is closed, which is no news.
      process.stderr.write(`\n${signal}: closing the lab\n`);
      isInterrupted = true;
      const exit = (): never => process.exit(code);
      opening.then((lab) => lab.close()).then(exit, exit);
    });
  }
}
let isInterrupted = false;

function tellHowToGoOn(lab: Lab, nodes: readonly LabNode[], print: Printer): void {
  const ways = nodes.map(({ name, enterCommand }) => `  on ${`${name}:`.padEnd(13)} ${enterCommand}`);
  print.say(`The lab stays open, with the database in service.
${ways.join('\n')}
  on the client:   ${lab.client.enterCommand}
  to end the lab:  ${lab.closeCommand}`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (isInterrupted) return;
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
