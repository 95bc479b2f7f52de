import type { WhyAnswer } from '@holdfast/core';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { reportTrouble } from '../problems/reportTrouble.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { sayTime } from '../text/sayTime.ts';
import { wrap } from '../text/wrap.ts';

export async function why(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast why', (parser) =>
    parser
      .usage('Usage: holdfast why TAG\n\nWhy a resource stands as it does, and what would have to change.')
      .command('$0 <tag>', false, (inner) => inner.positional('tag', { type: 'string', demandOption: true }))
      .askedNode()
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.why/1' })
      .example('holdfast why mail', 'Why is mail not in service?'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { tag, json: isJson = false } = parsed.options as { tag?: string; json?: boolean };
  const answer = await around.asked.connect().why(String(tag));
  if (!answer.ok) return reportTrouble(around, { trouble: answer.trouble, isJson });
  if (isJson) around.out.print(JSON.stringify({ schema: 'holdfast.why/1', ...answer.value }));
  else around.out.print(...showWhy(answer.value, around.out.width));
  return exitCodes.done;
}

/** The facts in the order in which they matter, each with its time; then what would change it. */
function showWhy({ tag, state, want, because, would }: WhyAnswer, width: number): string[] {
  const wanted = want === 'inService' ? 'wanted in service' : 'wanted out of service';
  const line = (first: string) => (fact: WhyAnswer['because'][number]) => {
    const when = fact.at === undefined ? '' : ` (${sayTime(fact.at)})`;
    return wrap(`${fact.says}${when}`, { first, width, hang: 10 });
  };
  const [firstBecause, ...moreBecause] = because;
  const [firstWould, ...moreWould] = would;
  return [
    `${tag} is ${state}, ${wanted}`,
    ...(firstBecause === undefined ? [] : line('  because ')(firstBecause)),
    ...moreBecause.flatMap(line('          ')),
    ...(firstWould === undefined ? [] : line('  to do   ')(firstWould)),
    ...moreWould.flatMap(line('          ')),
  ];
}
