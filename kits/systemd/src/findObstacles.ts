import type { Unit } from './readUnit.ts';

export type Obstacle = Readonly<{ says: string; todo: string }>;

/** What keeps a unit from being a resource. Each is said with what to do. */
export function findObstacles(unit: Unit): readonly Obstacle[] {
  return [...findLoadTrouble(unit), ...findBootTrouble(unit), ...findOneshotTrouble(unit)];
}

function findLoadTrouble({ Id, LoadState, LoadError, UnitFileState }: Unit): readonly Obstacle[] {
  if (LoadState === 'masked' || UnitFileState.startsWith('masked'))
    return [{ says: `${Id} is masked: nobody can start it`, todo: `systemctl unmask ${Id}` }];
  if (LoadState === 'not-found')
    return [
      {
        says: `there is no unit ${Id}`,
        todo: 'install what has it, or correct the name: systemctl list-unit-files',
      },
    ];
  if (LoadState === 'loaded' || LoadState === 'merged') return [];
  const why = LoadError.replaceAll('"', '').trim();
  return [
    { says: `${Id} cannot be loaded: ${LoadState} ${why}`.trim(), todo: `systemd-analyze verify ${Id}` },
  ];
}

/** After a power failure it would come up on its own, here, while another node has the resource. */
function findBootTrouble({ Id, UnitFileState }: Unit): readonly Obstacle[] {
  if (!['enabled', 'enabled-runtime'].includes(UnitFileState)) return [];
  return [
    {
      says: `${Id} is enabled: systemd starts it at boot, before anybody knows where it may run`,
      todo: `systemctl disable ${Id} (without --now it goes on running)`,
    },
  ];
}

/** It is inactive as soon as it has done its work, and so never in service. */
function findOneshotTrouble({ Id, Type, RemainAfterExit }: Unit): readonly Obstacle[] {
  if (Type !== 'oneshot' || RemainAfterExit === 'yes') return [];
  return [
    {
      says: `${Id} is Type=oneshot without RemainAfterExit=yes: when it has done its work it is inactive, as if it had never run`,
      todo: `add RemainAfterExit=yes, and an ExecStop= that undoes it: systemctl edit ${Id}`,
    },
  ];
}

/** What makes it work worse, though it works. */
export function findDoubts(unit: Unit): readonly string[] {
  const { Id, Restart, KillMode, TriggeredBy, WantedBy, RequiredBy, NeedDaemonReload } = unit;
  const pulledBy = [WantedBy, RequiredBy].join(' ').trim();
  return [
    ...(Restart === '' || Restart === 'no'
      ? []
      : [
          `${Id} has Restart=${Restart}: systemd restarts it behind the engine's back, which then neither counts nor moves it; set Restart=no`,
        ]),
    ...(KillMode === 'none' || KillMode === 'process'
      ? [
          `${Id} has KillMode=${KillMode}: what a stop leaves running makes the remove fail; set KillMode=control-group`,
        ]
      : []),
    ...(TriggeredBy === ''
      ? []
      : [
          `${Id} is started by ${TriggeredBy}, also while it should be out of service; disable that, or let the resource be that unit`,
        ]),
    ...(pulledBy === '' ? [] : [`${Id} is pulled in by ${pulledBy}, and starts with it`]),
    ...(NeedDaemonReload === 'yes' ? [`the file of ${Id} was changed: systemctl daemon-reload`] : []),
  ];
}
