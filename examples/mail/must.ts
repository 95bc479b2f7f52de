import type { LabHost } from '@holdfast/lab';

/** Runs a step, and gives what it said; one that fails ends the example. */
export async function must(host: LabHost, argv: readonly [string, ...string[]]): Promise<string> {
  const ran = await host.run(argv, { budgetMs: 60_000 });
  if (!ran.ok) throw new Error(`${host.name}: ${argv.join(' ')}: ${ran.says}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}
