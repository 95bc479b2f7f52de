import type { DraftResource } from './document.ts';

type Settings = Readonly<Record<string, unknown>>;

/*
 * LifeKeeper's `info` is the kit's private text; ours are settings with names. For an address the text is
 * LifeKeeper's own; for every other type it is `name=value` words. What is listed can be given back.
 */

/** As it is shown: for this node, so with what differs on it. */
export function infoOf(resource: DraftResource, node: string): string {
  const settings: Settings = { ...resource.settings, ...resource.nodes?.[node] };
  if (resource.type === 'ip' && typeof settings.address === 'string') return addressInfo(settings, node);
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${sayValue(value)}`)
    .join(' ');
}

/** What a text means as settings; says why when it means nothing. */
export function readInfo(type: string, info: string): { settings: Settings } | { why: string } {
  if (info.trim() === '') return { settings: {} };
  if (type === 'ip' && !info.includes('=')) return readAddressInfo(info);
  const settings: Record<string, unknown> = {};
  const rest = info.replace(word, (_, name: string, value: string) => {
    settings[name] = readValue(value);
    return '';
  });
  if (rest.trim() === '') return { settings };
  return { why: `"${rest.trim()}" is no setting; write name=value, with blanks between` };
}

/** The setting in which a type has its ID, for those for which LifeKeeper's ID is enough to know it. */
export const idSettings: Readonly<Record<string, string>> = {
  ip: 'address',
  filesystem: 'mountPoint',
  postgresql: 'dataDirectory',
  postfix: 'configDirectory',
};

/** The ID as the value of that setting. */
export function settingOfId(type: string, id: string): string {
  return type === 'ip' ? id.replace(/^IP-/, '') : id;
}

const word = /([A-Za-z][\w.-]*)=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\{[^}]*\}|\S*)/g;

function sayValue(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[^\s"[\]{}]+$/.test(value) && readValue(value) === value;
  return isPlain ? value : JSON.stringify(value);
}

/** A number, a truth value, a list and a quoted text are what they are in JSON; all else is text. */
function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `server interface address mask backup-interface`, of which ours has no backup. */
function addressInfo(settings: Settings, node: string): string {
  const [host = '', bits = ''] = String(settings.address).split('/');
  const mask = host.includes(':') || bits === '' ? bits || '--' : hexMask(Number(bits));
  return `${node} ${settings.device ?? '--'} ${host} ${mask} none`;
}

function readAddressInfo(info: string): { settings: Settings } | { why: string } {
  const [, device, host, mask, backup = 'none', more] = info.trim().split(/\s+/);
  if (device === undefined || host === undefined || mask === undefined || more !== undefined)
    return { why: 'for an address it is: SERVER INTERFACE ADDRESS MASK [none]' };
  if (backup !== 'none') return { why: 'a backup interface is not known here; bond the two instead' };
  const bits = bitsOf(mask);
  if (bits === undefined) return { why: `${mask} is no mask such as ffffff00, 255.255.255.0 or 24` };
  return { settings: { address: `${host}/${bits}`, device } };
}

function hexMask(bits: number): string {
  return (2 ** 32 - 2 ** (32 - bits)).toString(16).padStart(8, '0');
}

function bitsOf(mask: string): number | undefined {
  if (/^\d{1,3}$/.test(mask) && Number(mask) <= 128) return Number(mask);
  const dotted = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(mask);
  const hex =
    dotted === null
      ? mask
      : dotted
          .slice(1)
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join('');
  if (!/^[0-9a-f]{8}$/i.test(hex)) return undefined;
  const bits = Number.parseInt(hex, 16).toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}
