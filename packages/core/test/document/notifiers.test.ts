import { readDocument } from '@holdfast/core';
import { describe, expect, test } from '@jest/globals';

const read = (notifier: object, name = 'night') =>
  readDocument({ nodes: ['alpha'], notifiers: { [name]: notifier } }, []);

/** `CODE path`, one for each problem. */
function problemsOf(notifier: object, name?: string): string[] {
  const answer = read(notifier, name);
  return answer.ok ? [] : answer.problems.map(({ code, path }) => `${code} ${path}`);
}

const smtp = { host: 'mail.example.org' };
const mail = { type: 'email', to: ['ops@example.org'] };

describe('a notifier', () => {
  test('that says only what it must has every question answered', () => {
    const answer = read({ type: 'webhook', url: 'https://chat.example.org/hook' });
    expect(answer.ok && answer.value.notifiers).toEqual([
      {
        name: 'night',
        type: 'webhook',
        url: 'https://chat.example.org/hook',
        headers: {},
        inTheOpen: false,
        severity: 'info',
        fold: 3_000,
        repeat: 600_000,
        pausedLongerThan: 14_400_000,
        timeout: 15_000,
      },
    ]);
  });

  test.each([
    [
      {
        type: 'webhook',
        url: { file: '/etc/holdfast/url' },
        headers: { Token: { file: '/etc/holdfast/token' } },
      },
    ],
    [{ type: 'webhook', url: 'http://10.0.0.1/', inTheOpen: true }],
    [{ type: 'command', argv: ['/bin/page', 'ops'], user: 'nobody' }],
    [{ ...mail, smtp: { ...smtp, user: 'holdfast', password: { file: '/etc/holdfast/mail' } } }],
    [mail],
  ])('may be %j', (notifier) => {
    expect(problemsOf(notifier)).toEqual([]);
  });

  test.each([
    [{ type: 'pigeon' }, ['DOCUMENT_SHAPE notifiers.night.type']],
    [{ type: 'command', argv: ['page'] }, ['DOCUMENT_SHAPE notifiers.night.argv']],
    [
      { type: 'command', argv: ['/bin/page'], events: ['everything'] },
      ['DOCUMENT_SHAPE notifiers.night.events.0'],
    ],
    [
      { type: 'command', argv: ['/bin/page'], resources: ['db'] },
      ['UNKNOWN_RESOURCE notifiers.night.resources.0'],
    ],
    [{ type: 'webhook', url: 'http://chat.example.org/' }, ['BAD_NOTIFIER notifiers.night.url']],
    [{ type: 'webhook', url: 'https://me:pw@chat.example.org/' }, ['BAD_NOTIFIER notifiers.night.url']],
    [{ type: 'webhook', url: { file: 'url' } }, ['DOCUMENT_SHAPE notifiers.night.url.file']],
    [{ ...mail, to: ['ops'] }, ['DOCUMENT_SHAPE notifiers.night.to.0']],
    [{ ...mail, smtp: { ...smtp, user: 'me' } }, ['BAD_NOTIFIER notifiers.night.smtp']],
    [{ ...mail, smtp: { ...smtp, password: 'secret' } }, ['DOCUMENT_SHAPE notifiers.night.smtp.password']],
    [
      { ...mail, smtp: { ...smtp, user: 'me', password: { file: '/x' }, tls: 'none' } },
      ['BAD_NOTIFIER notifiers.night.smtp.tls'],
    ],
  ])('may not be %j', (notifier, problems) => {
    expect(problemsOf(notifier)).toEqual(problems);
  });

  test('has a name that can be the name of a file', () => {
    expect(problemsOf(mail, '../night')).toHaveLength(1);
  });
});
