import { connect } from '@holdfast/client';
import type { DoctorFinding } from '../doctor/finding.ts';
import { lookAtAgent } from '../doctor/lookAtAgent.ts';
import { lookAtCluster } from '../doctor/lookAtCluster.ts';
import { lookAtMachine } from '../doctor/lookAtMachine.ts';
import { lookAtResources } from '../doctor/lookAtResources.ts';
import { type ExitCode, exitCodeOf, exitCodes } from '../exitCodes.ts';
import { parse } from '../program/parse.ts';
import type { Screen } from '../program/screen.ts';
import type { Surroundings } from '../program/surroundings.ts';
import { count } from '../text/count.ts';
import { plain } from '../text/plain.ts';
import { wrap } from '../text/wrap.ts';

export async function doctor(around: Surroundings): Promise<ExitCode> {
  const parsed = await parse(around, 'holdfast doctor', (parser) =>
    parser
      .usage(
        'Usage: holdfast doctor\n\n' +
          'Looks at the machine, the settings, the agent, and with each kit at whether this\n' +
          'node could run its resource. Says what to do about what is not well; changes\n' +
          'nothing. Exits with 1 when there is a problem, and with 0 when only warnings.',
      )
      .option('json', { type: 'boolean', describe: 'As JSON, holdfast.doctor/1' })
      .example('holdfast doctor', 'Before it is needed'),
  );
  if (!parsed.ok) return parsed.exitCode;
  const client = connect({ socketPath: around.paths.socket });
  const { findings, status, trouble } = await lookAtAgent(around.paths, client, around.now);
  const all = [
    ...findings,
    ...(await lookAtCluster(around.paths.settings, status, around.now())),
    ...(await lookAtMachine(around.paths, process.env.NODE_COMPILE_CACHE)),
    ...(status === undefined ? [] : await lookAtResources(client, status, around.by)),
  ];
  if (parsed.options.json === true)
    around.out.print(JSON.stringify({ schema: 'holdfast.doctor/1', findings: all }));
  else around.out.print(...showFindings(all, around.out));
  if (trouble !== undefined) return exitCodeOf(trouble);
  return all.some(({ level }) => level === 'problem') ? exitCodes.failed : exitCodes.done;
}

function showFindings(
  findings: readonly DoctorFinding[],
  { width, paint }: Pick<Screen, 'width' | 'paint'>,
): string[] {
  const paints = { ok: paint.good, warning: paint.warning, problem: paint.bad } as const;
  const number = (level: DoctorFinding['level']) => findings.filter((one) => one.level === level).length;
  return [
    ...findings.flatMap(({ level, says, todo }) => {
      const [head = '', ...more] = wrap(plain(says), { first: level.padEnd(9), width });
      return [
        `${paints[level](level)}${head.slice(level.length)}`,
        ...more,
        ...(todo === '' ? [] : wrap(plain(todo), { first: '  do     ', width })),
      ];
    }),
    '',
    `${number('ok')} well, ${count(number('warning'), 'warning')}, ${count(number('problem'), 'problem')}`,
  ];
}
