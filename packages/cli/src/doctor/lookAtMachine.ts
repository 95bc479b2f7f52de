import { access, stat, statfs } from 'node:fs/promises';
import type { AgentPaths } from '@holdfast/client';
import { type DoctorFinding, problem, warning, well } from './finding.ts';

/** What of the machine Holdfast rests on. Files are looked at and nothing is started. */
export async function lookAtMachine(
  paths: AgentPaths,
  codeCache: string | undefined,
): Promise<DoctorFinding[]> {
  return [
    ...(await lookAtRights(paths)),
    ...(await lookAtCache(codeCache)),
    await lookAtRoom(paths.state),
    await lookAtTime(),
    await lookAtWatchdog(),
  ];
}

async function lookAtRights({ socket, state }: AgentPaths): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  const listener = await stat(socket).catch(() => undefined);
  if (listener !== undefined) {
    const isOpen = (listener.mode & 0o007) !== 0;
    findings.push(
      isOpen
        ? problem(
            'socket',
            `anybody may command the agent: ${socket} is open to others`,
            `chmod o= ${socket}`,
          )
        : well('socket', `only its owner and group may open ${socket}`),
    );
  }
  const folder = await stat(state).catch(() => undefined);
  if (folder !== undefined) {
    const isOpen = (folder.mode & 0o022) !== 0;
    findings.push(
      isOpen
        ? problem('state folder', `others may change what the agent keeps in ${state}`, `chmod go-w ${state}`)
        : well('state folder', `only its owner may change ${state}`),
    );
  }
  return findings;
}

/** Whoever could write there could leave code for root to run. */
async function lookAtCache(folder: string | undefined): Promise<DoctorFinding[]> {
  const found = folder === undefined ? undefined : await stat(folder).catch(() => undefined);
  if (folder === undefined || found === undefined) return [];
  const isOpen = (found.mode & 0o022) !== 0 || found.uid !== 0;
  return [
    isOpen
      ? warning(
          'code cache',
          `${folder} keeps compiled code and can be written by others than root`,
          `chown -R root: ${folder} && chmod -R go-w ${folder}`,
        )
      : well('code cache', `only root writes ${folder}`),
  ];
}

/** Below this a journal and a store may soon not be written any more. */
const freeMinBytes = 100 * 1024 * 1024;

async function lookAtRoom(state: string): Promise<DoctorFinding> {
  const room = await statfs(state).catch(() => undefined);
  if (room === undefined)
    return warning('room', `${state} cannot be looked at`, 'start the agent once: it makes the folder');
  const free = room.bavail * room.bsize;
  const says = `${Math.floor(free / 1024 / 1024)} MiB are free for ${state}`;
  if (free >= freeMinBytes) return well('room', says);
  return problem('room', says, 'make room: an agent that cannot write its store refuses commands');
}

/** What daemons of time leave behind when they work. */
const signsOfTime = [
  '/run/systemd/timesync/synchronized',
  '/run/chrony/chronyd.pid',
  '/run/ntpd.pid',
  '/var/run/ntpd.pid',
] as const;

async function lookAtTime(): Promise<DoctorFinding> {
  for (const sign of signsOfTime) {
    if (await isThere(sign)) return well('time', `the time of day is kept by somebody (${sign})`);
  }
  return warning(
    'time',
    'nothing is seen that keeps the time of day right',
    'run chrony or systemd-timesyncd: the logs of two nodes can be compared only by their times',
  );
}

async function lookAtWatchdog(): Promise<DoctorFinding> {
  for (const device of ['/dev/watchdog0', '/dev/watchdog']) {
    if (await isThere(device)) return well('watchdog', `there is a watchdog (${device})`);
  }
  return warning(
    'watchdog',
    'there is no watchdog device: nothing would end this machine when it hangs',
    'load the driver of its watchdog, or softdog; on a single node it can be left out',
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
