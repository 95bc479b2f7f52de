import { run } from '../../src/index.ts';

/** Runs a program with a small budget, and prints what came of it. */
const [, , ...argv] = process.argv;
const result = await run(argv as [string, ...string[]], { budgetMs: 300, killAfterMs: 100 });
process.stdout.write(`${JSON.stringify(result)}\n`);
// The program that hangs would keep this one waiting.
process.exit();
