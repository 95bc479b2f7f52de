import { printNames } from '../completion/printNames.ts';
import { type ExitCode, exitCodes } from '../exitCodes.ts';
import { parse } from '../program/parse.ts';
import type { Surroundings } from '../program/surroundings.ts';

export async function completion(around: Surroundings): Promise<ExitCode> {
  // What the scripts ask while a word is completed; it is nothing that a person would type.
  if (around.args[0] === '--names') {
    await printNames(around, around.args[1] ?? '');
    return exitCodes.done;
  }
  const parsed = await parse(around, 'holdfast completion', (parser) =>
    parser
      .usage(
        'Usage: holdfast completion bash|zsh|fish\n\n' +
          'Prints the script by which a shell completes commands, options, tags, types and\n' +
          'nodes of Holdfast. Names come from what the agent wrote last, without asking it.',
      )
      .command('$0 <shell>', false)
      .positional('shell', {
        choices: ['bash', 'zsh', 'fish'],
        demandOption: true,
        describe: 'bash, zsh or fish',
      })
      .example('. <(holdfast completion bash)', 'In this bash, or in ~/.bashrc')
      .example('holdfast completion zsh > /usr/share/zsh/site-functions/_holdfast', 'For zsh')
      .example('holdfast completion fish > ~/.config/fish/completions/holdfast.fish', 'For fish'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const { completionScript } = await import('../completion/completionScript.ts');
  around.out.print(completionScript(parsed.options.shell, await around.describeAll()));
  return exitCodes.done;
}
