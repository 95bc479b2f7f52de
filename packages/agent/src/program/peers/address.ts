/** Where a node listens for the others. */
export type Address = Readonly<{ host: string; port: number }>;

/** `10.0.0.2:7700`, `alpha.lan:7700` or `[fd00::2]:7700`; undefined for anything else. */
export function readAddress(text: string): Address | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return undefined;
  return { host, port: Number(port) };
}

export function showAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
