import { join } from 'node:path';
import { openLab, startEtcd } from '@holdfast/lab';
import { etcdSettings } from '@holdfast/store/etcd';
import { expect, test } from '@jest/globals';

test('certificates on both sides, a name, a password and a role: renewed when too old, refused when wrong', async () => {
  const lab = await openLab();
  try {
    const { endpoints, tls } = await startEtcd(lab, {
      members: 1,
      heartbeatMs: 20,
      electionMs: 200,
      tls: true,
    });
    const program = join(import.meta.dirname, 'programs/etcdWithRoles.ts');
    const { stdout, stderr } = await lab.client.run(
      [process.execPath, program, JSON.stringify({ endpoints, tls })],
      { budgetMs: 20_000 },
    );
    expect(stdout === '' ? stderr : JSON.parse(stdout)).toEqual({
      write: 'done',
      watch: 'done',
      afterTheTokenEnded: 'done',
      read: 'done',
      foreignPrefix: 'StoreRefused',
      wrongPassword: 'StoreRefused',
      withoutCertificate: 'StoreUnreachable',
      unknownAuthority: 'StoreUnreachable',
    });
  } finally {
    await lab.close();
  }
});

test('every mistake in the settings is told at once, and no password goes over a plain connection', () => {
  const read = etcdSettings.safeParse({
    endpoints: ['http://10.0.0.1:2379', 'http://10.0.0.1:2379'],
    prefix: 'holdfast',
    tls: { ca: 'pem', cert: 'pem' },
    user: { name: 'cluster', password: 'secret' },
    requestWithinMs: 0,
  });
  expect(read.success ? [] : read.error.issues.map(({ message }) => message)).toEqual([
    'begin and end the prefix with a slash',
    expect.stringContaining('expected number to be >=1'),
    'with tls, every endpoint begins with https:',
    'a password is sent over TLS alone: let every endpoint begin with https:',
    'cert and key belong together',
    'an endpoint is named twice',
  ]);
});
