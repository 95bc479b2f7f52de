import type { LabHost } from './labHost.ts';

/*
 * How an example tells what it does: in sentences, with the commands as a person would type them and what they said.
 * A step that fails, and an expectation that does not come true, end the example.
 */

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a command, and tells it with what it said. */
export async function typed(host: LabHost, ...argv: [string, ...string[]]): Promise<void> {
  say(`  ${host.name}# ${argv.join(' ')}`);
  const said = (await must(host, ...argv)).trim();
  if (said !== '') say(said.replaceAll(/^/gm, '  '));
}

/** Runs a step without a word, and gives what it said. */
export async function must(host: LabHost, ...argv: [string, ...string[]]): Promise<string> {
  const ran = await host.run(argv, { budgetMs: 90_000 });
  if (!ran.ok) throw new Error(`${host.name}: ${argv.join(' ')}: ${ran.says}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

export function expectThat(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The example expected that ${what}. It did not come true.`);
}
