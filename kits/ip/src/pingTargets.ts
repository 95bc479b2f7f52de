import type { KitCall } from '@holdfast/kit';
import { splitAddress } from './readAddress.ts';
import type { Settings } from './settings.ts';

export type Asked = Readonly<{
  /** Not one of them answered, and all could be asked. */
  isSilent: boolean;
  says: string;
  /** They were to be asked, and could not be. */
  isUnable: boolean;
}>;

/**
 * Asks all targets at the same time, from the address; the first answer is enough. A network that is silent while the
 * link is up is seen in no other way.
 */
export async function pingTargets(call: KitCall<Settings>): Promise<Asked> {
  const { address, pingTargets: targets } = call.settings;
  const { host } = splitAddress(address);
  if (targets.length === 0) return { isSilent: false, isUnable: false, says: 'no targets are set' };
  const answered = new AbortController();
  let answerer: string | undefined;
  const asked = await Promise.all(
    targets.map(async (target) => {
      const result = await call.run(['ping', '-n', '-q', '-c', '1', '-W', '1', '-I', host, target], {
        budgetMs: 1_500,
        killAfterMs: 100,
        signal: AbortSignal.any([call.signal, answered.signal]),
      });
      if (result.ok) {
        answerer ??= target;
        answered.abort();
      }
      return result;
    }),
  );
  if (answerer !== undefined) return { isSilent: false, isUnable: false, says: `${answerer} answers` };
  const unable = asked.find(
    ({ ending, stderr }) => ending === 'not-started' || /socket: .*not permitted/i.test(stderr),
  );
  if (unable !== undefined || call.signal.aborted)
    return { isSilent: false, isUnable: true, says: unable?.says ?? 'told to stop before an answer' };
  const why = asked.map(({ stderr }) => stderr.trim().split('\n').at(-1)).find((line) => line !== '');
  return {
    isSilent: true,
    isUnable: false,
    says: `none of ${targets.join(', ')} answers ${host}${why === undefined ? ' within 1 s' : `: ${why}`}`,
  };
}
