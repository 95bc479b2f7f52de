import type { X509Certificate } from 'node:crypto';

export type Caller = Readonly<{ ok: true; node: string }> | Readonly<{ ok: false; why: string }>;

/**
 * The node that a certificate names. The authority may sign for others than nodes, so its name counts; one that names
 * several nodes says nothing about which of them it is.
 */
export function callerNamed(certificate: X509Certificate | undefined, nodes: readonly string[]): Caller {
  if (certificate === undefined) return { ok: false, why: 'it showed no certificate' };
  const named = nodes.filter((node) => certificate.checkHost(node, { wildcards: false }) !== undefined);
  const [node] = named;
  if (node !== undefined && named.length === 1) return { ok: true, node };
  const says = certificate.subjectAltName ?? certificate.subject;
  return {
    ok: false,
    why:
      node === undefined
        ? `its certificate (${says}) names no node of this cluster; these are known: ${nodes.join(', ')}`
        : `its certificate (${says}) names more than one node: ${named.join(', ')}`,
  };
}
