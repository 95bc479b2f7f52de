import { done, failed, type KitCall, type Outcome } from '@holdfast/kit';
import { checkAndRepair } from './checkAndRepair.ts';
import { findDoubleManagement } from './findDoubleManagement.ts';
import type { Source } from './findSource.ts';
import { look, type Sight } from './look.ts';
import { makeMountPoint } from './makeMountPoint.ts';
import { sayMount } from './readMounts.ts';
import { type Settings, wantsReadOnly } from './settings.ts';
import { waitForSource } from './waitForSource.ts';

/** Repairs what can be repaired without a person, and mounts. */
export async function restore(call: KitCall<Settings>): Promise<Outcome> {
  const { settings, signal } = call;
  const first = await look(call);
  const settled = isSettled(first, settings);
  if (settled !== undefined) return settled;
  const source = await waitForSource(call, first.source);
  if (typeof source === 'string') {
    return failed(source, 'attach the disk, or correct the device in the settings');
  }
  // A device that came late is looked at like one that was there.
  const sight = source === first.source ? first : await look(call);
  const refused = await mayMount(sight, settings);
  if (refused !== undefined) return refused;

  const repaired = await checkAndRepair(call, source.path);
  if (typeof repaired !== 'string') return repaired;
  const place = await makeMountPoint(call, sight.place);
  if (typeof place !== 'string') return place;
  if (signal.aborted) return failed('told to stop before it was mounted', 'restore again');
  return mount(call, sight, source, `${repaired}${place}`);
}

/** What is mounted at its place already answers the question. */
function isSettled({ top, isOurs, place }: Sight, settings: Settings): Outcome | undefined {
  if (top === undefined) return undefined;
  const name = sayMount(top);
  if (!isOurs) {
    return failed(
      `${name} is mounted there, which is not ${settings.device}`,
      `find out whose it is; when nobody needs it: umount ${place}`,
    );
  }
  const again = 'remove the resource and restore it: that repairs the file system before it is mounted again';
  if (top.givenUp !== undefined) return failed(`${name}: the kernel shows it as ${top.givenUp}`, again);
  if (top.isReadOnly && !wantsReadOnly(settings)) return failed(`${name} is mounted read-only`, again);
  return done(`${name} is mounted already`);
}

async function mayMount(
  { elsewhere, below, place, source }: Sight,
  settings: Settings,
): Promise<Outcome | undefined> {
  if (below.length > 0) {
    return failed(
      `${below.map(sayMount).join(', ')} would be hidden by it`,
      `unmount what is below ${place} first`,
    );
  }
  if (elsewhere.length > 0) {
    return failed(
      `${elsewhere.map(sayMount).join(', ')} is mounted already`,
      `unmount it there first: umount ${elsewhere[0]!.mountPoint}`,
    );
  }
  const managed = await findDoubleManagement(settings, { place, source });
  if (managed.length === 0) return undefined;
  return failed(
    `it is mounted at boot by somebody else as well: ${managed.join('; ')}`,
    'add noauto to the line in fstab, or disable the unit: after the next boot two nodes could have it mounted',
  );
}

async function mount(
  call: KitCall<Settings>,
  { kind, place }: Sight,
  source: Source,
  prepared: string,
): Promise<Outcome> {
  const { settings, signal, budgetMs } = call;
  const { fsType, options } = settings;
  const how = kind === 'folder' ? ['-o', `bind,${options}`] : ['-t', fsType, '-o', options];
  const mounted = await call.run(['mount', ...how, '--', source.path, place], { budgetMs, signal });
  if (!mounted.ok) {
    const words = (mounted.stderr.trim() || mounted.says).replaceAll(/\s*\n\s*/g, ' ');
    const isActive = /already mounted or mount point busy/.test(words);
    return isActive
      ? failed(`another node or program has it: ${words}`, 'see the kernel’s own words with dmesg (MMP)')
      : failed(words, `see the kernel's own words with dmesg; then try it by hand`);
  }
  const after = await look(call);
  if (!after.isOurs) return failed('mount succeeded, and it is not mounted', 'see who unmounts it');
  if (after.top?.isReadOnly === true && !wantsReadOnly(settings)) {
    return failed(`${place} was mounted read-only, for an error or a lock of the device`, 'see dmesg');
  }
  return done(`${source.path} mounted on ${place}; ${prepared}`);
}
