import type { ResourceStatus } from '@holdfast/core';

/** LifeKeeper's application and type for the types that it has a word for; any other is a generic application. */
const appAndType: Readonly<Record<string, Readonly<{ app: string; type: string }>>> = {
  ip: { app: 'comm', type: 'ip' },
  filesystem: { app: 'gen', type: 'filesys' },
  postgresql: { app: 'database', type: 'pgsql' },
  postfix: { app: 'mail', type: 'postfix' },
};

export function appAndTypeOf({ type }: Pick<ResourceStatus, 'type'>): { app: string; type: string } {
  return appAndType[type] ?? { app: 'gen', type };
}

/** LifeKeeper's ID: an address has `IP-` before it and no length of its network. */
export function idOf({ type, identity }: Pick<ResourceStatus, 'type' | 'identity'>): string {
  return type === 'ip' ? `IP-${identity.replace(/\/\d+$/, '')}` : identity;
}
