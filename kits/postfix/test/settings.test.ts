import { expect, test } from '@jest/globals';
import { findEndpoints, smtpEndpoints } from '../src/findEndpoints.ts';
import { readService } from '../src/readConfiguration.ts';
import { settings } from '../src/settings.ts';

const least = { configDirectory: '/srv/mail/etc' };

test.each([
  ['configDirectory', { configDirectory: 'srv/mail' }],
  ['queueDirectory', { queueDirectory: '/srv/mail/' }],
  ['queueMountPoint', { queueMountPoint: 7 }],
  ['ports', { ports: 25 }],
  ['ports', { ports: [25] }],
  ['ports', { ports: ['smtp'] }],
  ['bannerTimeoutMs', { bannerTimeoutMs: '4s' }],
  ['flushAfterRestore', { flushAfterRestore: 'yes' }],
  ['deferredMax', { deferredMax: -1 }],
  ['commandDirectory', { commandDirectory: '' }],
  ['logFile', { logFile: 'mail.log' }],
])('a wrong %s is named, with what is allowed and an example: %j', (name, wrong) => {
  const issues = settings.safeParse({ ...least, ...wrong }).error?.issues ?? [];
  expect(issues.map(({ path }) => path[0])).toEqual([name]);
  expect(issues[0]?.message).toMatch(/, such as .+/);
});

test('each setting says what it means and when a change takes effect', () => {
  for (const [name, setting] of Object.entries(settings.shape)) {
    expect({ name, says: setting.description }).toEqual({
      name,
      says: expect.stringMatching(/\. At (once|the next restore)\.$/),
    });
  }
});

test('ports are read from master.cf as Postfix prints it, and those with TLS from the first byte are not asked', async () => {
  const services = [
    'smtp       inet  n       -       y       -       -       smtpd',
    '10.77.0.50:587 inet n   -       n       -       5       smtpd -o syslog_name=postfix/submission',
    '[::1]:2525 inet  n       -       n       -       1       postscreen',
    'smtps      inet  n       -       n       -       -       smtpd -o smtpd_tls_wrappermode=yes',
    'smtp       unix  -       -       n       -       -       smtp',
    '628        inet  n       -       n       -       -       qmqpd',
  ].map((line) => readService(line, 100));
  const endpoints = await findEndpoints({ services, interfaces: ['all'] });
  expect(endpoints.map(({ host, port }) => `${host} ${port}`)).toEqual([
    ' 25',
    '10.77.0.50 587',
    '::1 2525',
    ' 465',
    ' 628',
  ]);
  const asked = smtpEndpoints(settings.parse(least), endpoints, 'all');
  expect(asked.map(({ host, port, service }) => [host, port, service?.processesMax])).toEqual([
    ['127.0.0.1', 25, 100],
    ['10.77.0.50', 587, 5],
    ['::1', 2525, 1],
  ]);
  const chosen = settings.parse({ ...least, ports: ['587', '[fd00::1]:25'] });
  expect(smtpEndpoints(chosen, endpoints, 'all').map(({ host, port }) => `${host} ${port}`)).toEqual([
    '10.77.0.50 587',
    'fd00::1 25',
  ]);
});
