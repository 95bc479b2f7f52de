import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@holdfast/kit';
import { type Lab, type LabNode, openLab, startAgent } from '@holdfast/lab';
import { expectThat, must, say, typed } from '@holdfast/lab/tell';
import { prepareMail } from './prepareMail.ts';

/* See README.md: a mail that was sent before a switch off and on again is delivered after it. */

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const kits = ['@holdfast/kit-ip', '@holdfast/kit-filesystem', '@holdfast/kit-postfix'];
const subject = 'kept over the switch';

const lab = await openLab();
try {
  const alpha = await lab.addNode({ name: 'alpha', address: '10.77.0.2' });
  const { device } = await lab.addDisk({ name: 'mail', sizeMb: 64 });
  await prepareMail(alpha, device);
  const agent = await startAgent(alpha, { config: { kits } });

  say('A mail server with its address and its disk, described and brought into service:');
  const document = (await readFile(here('mail.yaml'), 'utf8')).replace('DISK', device);
  await alpha.writeFile('/root/mail.yaml', document);
  await typed(alpha, 'holdfast', 'apply', '/root/mail.yaml');
  await typed(alpha, 'perform_action', '-t', 'mail', '-a', 'restore');

  say('A client sends a mail. The mailbox is closed, so it waits in the queue:');
  await must(alpha, 'chown', 'root', '/srv/mail/box');
  await send(lab);
  await until('the mail is deferred', async () => (await queued(alpha)).includes('Permission denied'));
  await must(alpha, 'chown', 'nobody', '/srv/mail/box');
  expectThat((await delivered(alpha)) === 0, 'the mail is not delivered yet');

  say('All of it is switched off:');
  await typed(alpha, 'perform_action', '-b', '-t', 'mail', '-a', 'remove');
  const mounts = await must(alpha, 'cat', '/proc/self/mountinfo');
  const addresses = await must(alpha, 'ip', '-brief', 'address', 'show', 'dev', 'eth0');
  const processes = await must(alpha, 'ps', '-e', '-o', 'comm=');
  expectThat(!mounts.includes('/srv/mail'), 'the disk is unmounted');
  expectThat(!addresses.includes('10.77.0.50'), 'the address is gone');
  expectThat(!/^(master|qmgr|smtpd)$/m.test(processes), 'no mail server runs');

  say('And on again:');
  await typed(alpha, 'perform_action', '-t', 'mail', '-a', 'restore');
  const begunAt = performance.now();
  await until('the mail is delivered', async () => (await delivered(alpha)) === 1);
  say(`The mail was in its mailbox ${Math.round(performance.now() - begunAt)} ms later.`);
  await typed(alpha, 'perform_action', '-b', '-t', 'mail', '-a', 'remove');
  await agent.stop();
} finally {
  await lab.close();
}
say('The lab is closed; nothing of it is left.');

async function send({ client }: Lab): Promise<void> {
  const argv = [
    process.execPath,
    here('sendMail.ts'),
    '10.77.0.50',
    'anybody@mail.example',
    subject,
  ] as const;
  say(`  the server answers: ${(await must(client, ...argv)).trim()}`);
}

function queued(node: LabNode): Promise<string> {
  return must(node, 'postqueue', '-c', '/srv/mail/etc', '-p');
}

async function delivered(node: LabNode): Promise<number> {
  const found = await node.run(['grep', '-rlF', subject, '/srv/mail/box'], { budgetMs: 5_000 });
  return found.stdout.split('\n').filter(Boolean).length;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const came = await waitUntil(async () => (await holds()) || undefined, { withinMs: 20_000 });
  expectThat(came === true, what);
}
