import type { ResourceStatus } from '@holdfast/core';

type AppAndType = Readonly<{ app: string; type: string }>;

/** LifeKeeper's application and type for the types that it has a word for; any other is a generic application. */
const appAndType: Readonly<Record<string, AppAndType>> = {
  ip: { app: 'comm', type: 'ip' },
  filesystem: { app: 'gen', type: 'filesys' },
  postgresql: { app: 'database', type: 'pgsql' },
  postfix: { app: 'mail', type: 'postfix' },
};

export function appAndTypeOf({ type }: Pick<ResourceStatus, 'type'>): AppAndType {
  return Object.hasOwn(appAndType, type) ? appAndType[type]! : { app: 'gen', type };
}

/** Our type for LifeKeeper's words; undefined when the application has no such type. */
export function typeNamed({ app, type }: AppAndType): string | undefined {
  const [own] =
    Object.entries(appAndType).find((entry) => entry[1].app === app && entry[1].type === type) ?? [];
  return own ?? (app === 'gen' ? type : undefined);
}

/** LifeKeeper's ID: an address has `IP-` before it and no length of its network. */
export function idOf({ type, identity }: Pick<ResourceStatus, 'type' | 'identity'>): string {
  return type === 'ip' ? `IP-${identity.replace(/\/\d+$/, '')}` : identity;
}
