import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@holdfast/kit';
import { expect, test } from '@jest/globals';
import { binFolder } from './support/commands.ts';
import { fakeAgent } from './support/fakeAgent.ts';
import { troubled } from './support/statusOf.ts';

test.each(['holdfast', 'perform_action', 'lcdstatus', 'ins_list'])(
  '%s runs by its path, through symlinks, from any folder, and with another Node first on PATH',
  async (command) => {
    const agent = await fakeAgent({}, troubled);
    try {
      const elsewhere = join(agent.root, 'usr bin');
      await mkdir(elsewhere);
      await symlink(join(binFolder, command), join(elsewhere, `real-${command}`));
      await symlink(`real-${command}`, join(elsewhere, command));
      await writeFile(join(elsewhere, 'node'), '#!/bin/sh\nexit 99\n');
      await chmod(join(elsewhere, 'node'), 0o755);
      const env = { HOLDFAST_ROOT: agent.root, PATH: `${elsewhere}:/usr/bin:/bin` };
      const fake = await run(['node'], { budgetMs: 5_000, env });
      expect(fake.exitCode).toBe(99);
      for (const program of [join(binFolder, command), join(elsewhere, command), command]) {
        const ended = await run([program, '--version'], { budgetMs: 20_000, env, cwd: '/' });
        expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
        expect(ended.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      }
    } finally {
      await agent.close();
    }
  },
);
