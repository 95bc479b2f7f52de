import yargs from 'yargs';
import type { CommandDescription } from './description.ts';
import { type ReadWords, readWords, settle } from './readWords.ts';

/**
 * Reads the words of a command by yargs. What yargs refuses is refused; `readWords`, which reads the commands that must
 * start quickly, says why, so that one mistake is answered by one sentence everywhere.
 */
export async function readByYargs(
  description: CommandDescription,
  words: readonly string[],
): Promise<ReadWords> {
  const parser = yargs([])
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .parserConfiguration({
      'populate--': true,
      'dot-notation': false,
      'boolean-negation': false,
      'camel-case-expansion': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
      'strip-aliased': true,
    });
  for (const { name, alias, type = 'string', choices, array } of description.options)
    parser.option(name, {
      type,
      requiresArg: type !== 'boolean',
      ...(alias === undefined ? {} : { alias }),
      ...(choices === undefined ? {} : { choices }),
      ...(array === true ? { array } : {}),
    });
  let refusal: string | undefined;
  const given = await Promise.resolve(
    parser.parseAsync([...words], {}, (error) => {
      refusal = error?.message;
    }),
  ).catch((error: Error) => {
    refusal ??= error.message;
    return undefined;
  });
  const inOurWords = readWords(description, words);
  if (refusal !== undefined || given === undefined || !inOurWords.ok)
    return inOurWords.ok ? { ok: false, what: refusal ?? 'the words are not understood' } : inOurWords;
  const { _: positionals, $0: _, ...options } = given as Record<string, unknown> & { _: unknown[] };
  const values = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return settle(description, positionals.map(String), values);
}
