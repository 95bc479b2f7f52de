import { run, waitUntil } from '@holdfast/kit';

/** A terminal of 80 by 24 in which somebody types, and what is seen there. */
export type Terminal = Readonly<{
  type: (line: string) => Promise<void>;
  press: (key: string) => Promise<void>;
  /** What is on the screen once the text is there; throws with what was there instead. */
  see: (wanted: string | RegExp) => Promise<string>;
  close: () => Promise<void>;
}>;

/**
 * tmux in a node of the lab, by the way into it. It has a socket of its own, so that no other tmux is touched. A screen
 * is looked at only when what is waited for is on it: nothing here depends on how quick the machine is.
 */
export async function openTerminal(way: readonly string[]): Promise<Terminal> {
  const socket = '/run/walk.tmux';
  const tmux = async (...words: string[]): Promise<string> => {
    const argv = [...way, 'env', 'LC_ALL=C.UTF-8', 'tmux', '-S', socket, '-f', '/dev/null', ...words];
    const ended = await run(argv as [string, ...string[]], { budgetMs: 20_000 });
    if (!ended.ok) throw new Error(`tmux ${words.join(' ')}: ${ended.says}`);
    return ended.stdout;
  };
  await tmux('new-session', '-d', '-x', '80', '-y', '24', '-c', '/root', `env PS1='$ ' sh`);
  const screen = async (): Promise<string> => (await tmux('capture-pane', '-p')).trimEnd();
  return {
    type: async (line) => {
      await tmux('send-keys', '-l', line);
      await tmux('send-keys', 'Enter');
    },
    press: async (key) => {
      await tmux('send-keys', key);
    },
    see: async (wanted) => {
      let last = '';
      const found = await waitUntil(
        async () => {
          last = await screen();
          const isThere = typeof wanted === 'string' ? last.includes(wanted) : wanted.test(last);
          return isThere ? last : undefined;
        },
        { withinMs: 20_000 },
      );
      if (found === undefined) throw new Error(`${wanted} is not on the screen:\n${last}`);
      return found;
    },
    close: async () => {
      await tmux('kill-server');
    },
  };
}
