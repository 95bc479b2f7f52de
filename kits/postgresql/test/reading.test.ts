import { describe, expect, test } from '@jest/globals';
import { parseListeners, sameForm } from '../src/findListeners.ts';
import { kit } from '../src/index.ts';
import { judgeWords } from '../src/judgeWords.ts';
import { question, readAnswer } from '../src/question.ts';
import { readMajor } from '../src/readMajor.ts';
import { parsePidFile } from '../src/readPidFile.ts';

/** How psql of 12 and 13, and of 14 and later, begins its line. */
const old = 'psql: error: could not connect to server: FATAL:  ';
const recent = 'psql: error: connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: FATAL:  ';

describe('what the tools of all versions say', () => {
  test.each([
    [`${old}sorry, too many clients already`, 'degraded'],
    [`${recent}sorry, too many clients already`, 'degraded'],
    [`${old}remaining connection slots are reserved for non-replication superuser connections`, 'degraded'],
    [`${recent}remaining connection slots are reserved for roles with the SUPERUSER attribute`, 'degraded'],
    [
      `${recent}remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role`,
      'degraded',
    ],
    [`${old}the database system is starting up`, 'degraded'],
    [`${recent}the database system is not yet accepting connections`, 'degraded'],
    [`${recent}the database system is not accepting connections`, 'degraded'],
    [`${recent}the database system is in recovery mode`, 'degraded'],
    [`${recent}the database system is shutting down`, 'failed'],
    [`${old}role "monitor" does not exist`, 'unknown'],
    [`${recent}role "monitor" is not permitted to log in`, 'unknown'],
    [`${recent}database "app" does not exist`, 'unknown'],
    [`${recent}Peer authentication failed for user "app"`, 'unknown'],
    [`${old}no pg_hba.conf entry for host "[local]", user "app", database "app", SSL off`, 'unknown'],
    [
      `${recent}no pg_hba.conf entry for host "[local]", user "app", database "app", no encryption`,
      'unknown',
    ],
    ['ERROR:  canceling statement due to statement timeout', 'timeout'],
    [
      'psql: error: connection to server on socket "/run/postgresql/.s.PGSQL.5432" failed: No such file or directory',
      'failed',
    ],
  ])('%s: %s', (words, finding) => {
    expect(judgeWords(words).finding).toBe(finding);
  });

  test.each([
    ['postgres (PostgreSQL) 12.22 (Debian 12.22-1.pgdg120+1)', '12'],
    ['postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15'],
    ['postgres (PostgreSQL) 16.4', '16'],
    ['postgres (PostgreSQL) 17beta1', '17'],
    ['bash: postgres: command not found', undefined],
  ])('the version in "%s" is %s', (printed, major) => {
    expect(readMajor(printed)).toBe(major);
  });
});

test('a postmaster.pid is read line by line, however much of it is written yet', () => {
  const whole = '2718\n/srv/pg/data\n1763683200\n5432\n/run/postgresql\n*\n  1048641         4\nready   \n';
  expect(parsePidFile(whole)).toEqual({
    pid: 2718,
    dataDirectory: '/srv/pg/data',
    startedAt: 1_763_683_200,
    status: 'ready',
  });
  expect(parsePidFile('-31\n/srv/pg/data\n')).toMatchObject({ pid: 31, startedAt: undefined });
  expect(parsePidFile('')).toMatchObject({ pid: undefined, status: undefined });
});

test('the answer to the question tells room from no room', () => {
  expect(question).toContain('reserved_connections');
  expect(readAnswer('served|3|27|f|*', 5432)).toMatchObject({ finding: 'in-service', conditions: [] });
  expect(readAnswer('served|27|27|f|*', 5432)).toMatchObject({
    finding: 'degraded',
    conditions: [{ code: 'connections-full' }],
  });
  expect(readAnswer('served|1|27|t|*', 5432)).toMatchObject({ conditions: [{ code: 'in-recovery' }] });
  expect(readAnswer('1', 5432)).toBeUndefined();
});

test('listeners are read from the tables of the kernel, addresses of both families', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0B004D0A:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 4711 1 0 100 0 0 10 0',
    '   1: 0B004D0A:1538 01004D0A:C350 01 00000000:00000000 00:00000000 00000000   105        0 4712 1 0 20 4 30 10 -1',
    '   2: 0000000000000000FFFF00000100007F:1538 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 4713 1 0 100 0 0 10 0',
  ].join('\n');
  expect(parseListeners(table)).toEqual([
    { address: '10.77.0.11', port: 5432, inode: '4711' },
    { address: '0:0:0:0:0:ffff:7f00:1', port: 5432, inode: '4713' },
  ]);
  expect(sameForm('fd00::00a1')).toBe('fd00:0:0:0:0:0:0:a1');
  expect(sameForm('localhost')).toBeUndefined();
});

test.each([
  [{ port: 70_000 }, 'port', /1 to 65535, such as 5432/],
  [{ port: 'x' }, 'port', /1 to 65535, such as 5432/],
  [{ dataDirectory: 'pg' }, 'dataDirectory', /absolute path .* such as \/srv\/pg\/data/],
  [{ dataDirectory: 7 }, 'dataDirectory', /such as \/srv\/pg\/data/],
  [{ socketDirectory: '/a b' }, 'socketDirectory', /without spaces.* such as \/run\/postgresql/],
  [{ version: 'fifteen' }, 'version', /such as "15"/],
  [{ stallSeconds: 0.5 }, 'stallSeconds', /from 1 to 3600, such as 60/],
  [{ user: '' }, 'user', /such as postgres/],
])('the wrong setting %j is refused with what is allowed and an example', (wrong, name, words) => {
  const read = kit.settings.safeParse({ dataDirectory: '/srv/pg/data', ...wrong });
  expect(read.error?.issues[0]).toMatchObject({ path: [name], message: expect.stringMatching(words) });
});
