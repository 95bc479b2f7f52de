/** What a line of `ip -o monitor address link` is about. */
export type AddressEvent =
  | Readonly<{ kind: 'address'; address: string }>
  | Readonly<{ kind: 'link' }>
  | undefined;

/**
 *   Deleted 2: eth0    inet 10.77.0.50/24 scope global secondary eth0\       valid_lft forever ...
 *   2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state DOWN group default ...
 */
export function readAddressEvent(line: string): AddressEvent {
  const address = /^(?:\[\w+\])?(?:Deleted )?\d+: \S+\s+inet6? ([0-9a-fA-F.:]+)/.exec(line)?.[1];
  if (address !== undefined) return { kind: 'address', address };
  return /^(?:\[\w+\])?(?:Deleted )?\d+: \S+: </.test(line) ? { kind: 'link' } : undefined;
}
