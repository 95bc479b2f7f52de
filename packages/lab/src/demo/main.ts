import { parseArgs } from 'node:util';
import { findPostgres } from '../findPostgres.ts';
import { type Lab, openLab, preparePostgres, startAgent } from '../index.ts';
import { leaveAgentRunning } from './leaveAgentRunning.ts';
import { type Printer, printer } from './printer.ts';
import { inService, outOfService, type Stage } from './story.ts';

const help = `Shows Holdfast at work, in a lab of its own on this machine: a node with a
database on a disk, a client on the network, failures, and repairs. Nothing is
changed outside the lab, and nothing is left. Needs root.

  npm run demo
  npm run demo -- --keep    leave the lab open, with the database in service
  npm run demo -- --json    a line of JSON for each thing said, typed, measured

Exit code: 0 all went as told, 1 it did not, 2 usage, 130 interrupted.
`;

type Options = Readonly<{ help: boolean; json: boolean; keep: boolean }>;

function readOptions(): Options | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = { help: { ...flag, short: 'h' }, json: flag, keep: flag } as const;
    return parseArgs({ options }).values;
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
    const stage = await setTheStage(lab, print);
    for (const scene of inService) await scene(stage);
    if (options.keep) {
      await stage.agent.stop();
      await leaveAgentRunning(stage.node);
      await print.typed(stage.node, ['holdfast', 'status']);
      tellHowToGoOn(stage);
      return 0;
    }
    for (const scene of outOfService) await scene(stage);
    await stage.agent.stop();
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

async function setTheStage(lab: Lab, print: Printer): Promise<Stage> {
  print.say(`The lab: a node alpha at 10.77.0.2 and a client at 10.77.0.1, each a set of kernel
namespaces; and a disk with a PostgreSQL database on it, not running.`);
  const node = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'pg', sizeMb: 192 });
  await preparePostgres(node, { device, mountPoint: '/srv/pg', dataDirectory: '/srv/pg/data' });
  const agent = await startAgent(node);
  return { lab, node, agent, device, programs: await findPostgres(), print };
}

function tellHowToGoOn({ lab, node, print }: Stage): void {
  print.say(`The lab stays open, with the database in service.
  on the node:     ${node.enterCommand}
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
