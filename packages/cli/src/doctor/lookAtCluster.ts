import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type BeatSettings, deriveTimes, duration, type Status, sayDuration } from '@holdfast/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { saySpan } from '../text/saySpan.ts';
import { type DoctorFinding, problem, warning, well } from './finding.ts';

/** As much of agent.yaml as is looked at here; the agent itself checks all of it when it starts. */
const settings = z.object({
  node: z.string().optional(),
  api: z.object({ tls: z.object({ ca: z.string(), cert: z.string(), key: z.string() }) }).optional(),
  store: z
    .object({
      kind: z.string(),
      preset: z.enum(['fast', 'balanced', 'cautious']).optional(),
      times: z.record(z.string(), duration).optional(),
      takeoverWithoutFence: z.boolean().optional(),
    })
    .optional(),
});
type Settings = z.output<typeof settings>;

/** What a node among others rests on: its times, its certificate, the ways to the others, their clocks, their store. */
export async function lookAtCluster(
  file: string,
  status: Status | undefined,
  now: number,
): Promise<DoctorFinding[]> {
  const read = await readFile(file, 'utf8').then(
    (text) => settings.safeParse(safeParse(text) ?? {}),
    () => undefined,
  );
  const own = read?.success === true ? read.data : {};
  return [
    ...lookAtTimes(own.store),
    ...(own.api === undefined ? [] : await lookAtTls(own.api.tls, status?.node ?? own.node, now)),
    ...(status === undefined ? [] : [...lookAtPeers(status), ...lookAtStore(status)]),
  ];
}

function safeParse(text: string): unknown {
  try {
    return parse(text);
  } catch {
    // Told by the look at the settings.
    return undefined;
  }
}

function lookAtTimes(store: Settings['store']): DoctorFinding[] {
  if (store?.kind !== 'etcd') return [];
  const { preset = 'balanced', times = {} } = store;
  const derived = deriveTimes({ preset, ...times } as BeatSettings);
  if (!derived.ok)
    return derived.problems.map(({ what, why, todo }) => problem('times', `${what} ${why}`, todo));
  const {
    right,
    drop,
    answer,
    margin,
    renewEvery,
    endAfter,
    takeAfter,
    watchdogTimeout,
    failoverWithoutFence,
  } = derived.value;
  const says = [
    `preset ${preset}: L (right) ${sayDuration(right)}`,
    `D (drop) ${sayDuration(drop)}`,
    `W (answer) ${sayDuration(answer)}`,
    `margin ${sayDuration(margin)}`,
    `a beat every ${sayDuration(renewEvery)}`,
    `a silent peer is ended after ${sayDuration(endAfter)} (endAfter)`,
    `what it had is taken ${sayDuration(takeAfter)} later (takeAfter)`,
    `watchdog timeout ${sayDuration(watchdogTimeout)}`,
    `failover without a fence ${sayDuration(failoverWithoutFence)} after the last beat`,
  ];
  return [
    well('times', says.join(', ')),
    ...(store.takeoverWithoutFence === true
      ? [
          warning(
            'takeover without fence',
            'takeoverWithoutFence is set: a node that hangs as a whole may still run what another takes over',
            'have a fence or a watchdog, and take the setting away',
          ),
        ]
      : []),
  ];
}

const dayMs = 86_400_000;
/** Time enough to have a new one made. */
const renewDays = 14;

async function lookAtTls(
  files: NonNullable<Settings['api']>['tls'],
  node: string | undefined,
  now: number,
): Promise<DoctorFinding[]> {
  const check = 'certificate';
  const key = await stat(files.key).catch((error: NodeJS.ErrnoException) => error);
  if (key instanceof Error)
    return [problem(check, `${files.key} cannot be looked at (${key.code})`, 'see that it is there')];
  if ((key.mode & 0o077) !== 0)
    return [problem(check, `others may read the key ${files.key}: it is not used`, `chmod 600 ${files.key}`)];
  try {
    const [cert, ca] = (await Promise.all([files.cert, files.ca].map((one) => readFile(one)))).map(
      (text) => new X509Certificate(text),
    ) as [X509Certificate, X509Certificate];
    if (node !== undefined && cert.checkHost(node, { wildcards: false }) === undefined)
      return [
        problem(
          check,
          `${files.cert} is not in the name of ${node}: ${cert.subjectAltName ?? cert.subject}`,
          `have one made with the subject alternative name DNS:${node}`,
        ),
      ];
    return [
      lookAtDays(check, files.cert, Date.parse(cert.validTo) - now),
      lookAtDays('authority', files.ca, Date.parse(ca.validTo) - now),
    ];
  } catch (error) {
    return [
      problem(check, `${files.cert} or ${files.ca} cannot be read: ${(error as Error).message}`, 'give PEM'),
    ];
  }
}

function lookAtDays(check: string, file: string, leftMs: number): DoctorFinding {
  if (leftMs <= 0)
    return problem(check, `the time of ${file} is over`, 'renew it; it is read again by itself');
  const says = `${file} is valid for ${Math.floor(leftMs / dayMs)} days more`;
  if (leftMs < renewDays * dayMs) return warning(check, says, 'renew it; it is read again by itself');
  return well(check, says);
}

function lookAtPeers({ node, nodes, agent }: Status): DoctorFinding[] {
  return nodes
    .filter(({ name }) => name !== node)
    .flatMap(({ name, paths = [], told }) => [
      ...(paths.length === 0
        ? [
            warning(
              `node ${name}`,
              `${name} cannot be asked from here: agent.yaml names no addresses of it`,
              'give each node api: and peers: in agent.yaml',
            ),
          ]
        : paths.map(({ address, state, says = 'it was not asked yet' }) =>
            state === 'ALIVE'
              ? well(`path ${name}`, `${name} answers at ${address}`)
              : problem(
                  `path ${name}`,
                  `${name} does not answer at ${address}: ${says}`,
                  'see to the network, and that its agent runs',
                ),
          )),
      ...(told === undefined
        ? []
        : [lookAtClock(name, told.clockAheadMs), ...lookAtVersion(name, told.version, agent.version)]),
    ]);
}

/** Nothing is decided by the time of day; people compare logs by it. */
function lookAtClock(name: string, aheadMs: number | undefined): DoctorFinding {
  const check = `clock ${name}`;
  if (aheadMs === undefined) return well(check, `the clock of ${name} goes with this one`);
  return warning(
    check,
    `the clock of ${name} is ${saySpan(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`,
    'run chrony or systemd-timesyncd on every node',
  );
}

/** While a cluster is brought to a new version, that is as it should be; afterwards one was forgotten. */
function lookAtVersion(name: string, its: string, ours: string): DoctorFinding[] {
  if (its === ours) return [];
  const says = `the agent of ${name} is of version ${its}, the one of this node of ${ours}`;
  return [warning(`version ${name}`, says, 'bring all nodes to the newer one')];
}

function lookAtStore({ store }: Status): DoctorFinding[] {
  if (store === undefined) return [];
  return store.members.map(({ name, endpoint, state, isLeader, says }) => {
    const who = `etcd member ${name ?? '--'} at ${endpoint}`;
    const check = `etcd ${endpoint}`;
    if (state === 'ALIVE' && says === undefined)
      return well(check, `${who} answers${isLeader ? ' and leads' : ''}`);
    if (state === 'UNKNOWN')
      return warning(check, `${who}: ${says ?? 'not asked yet'}`, 'name it under store.endpoints');
    return problem(check, `${who}: ${says ?? state}`, 'see to it: one more that fails may cost the quorum');
  });
}
