import type { Configuration } from '../document/configuration.ts';
import type { NodeName, Tag } from '../vocabulary.ts';
import type { View } from './view.ts';

/**
 * What a try at a resource rests on: what the operator asked for, its settings and how it may be repaired, how often each of its
 * children came into service, and whether the node is ready. While the basis is the same, a try that failed would fail
 * again; when the operator acts, the settings change, a child comes back, or the node is ready at last, it differs and the resource may be tried once more. So nothing
 * has to be cleared, and nothing can be forgotten in a crash.
 */
export function basisOf(
  configuration: Configuration,
  view: Pick<View, 'intents' | 'states' | 'readiness'>,
  node: NodeName,
  tag: Tag,
): string {
  const rises = configuration.graph
    .childrenOf(tag)
    .map((child) => `${child}:${view.states[node]?.[child]?.rises ?? 0}`);
  const { settings: byNode, policy } = configuration.resources.get(tag) ?? {};
  const settings = JSON.stringify([byNode?.[node], policy?.localRecovery]);
  const notReady = view.readiness?.[node]?.[tag]?.ready === false ? '; not ready' : '';
  return `intent ${view.intents[tag]?.revision ?? 0}; settings ${fingerprint(settings)}; children ${rises.join(' ')}${notReady}`;
}

/** FNV-1a, 53 bits of it: enough to tell that settings changed, and no secret of them is kept in a record. */
function fingerprint(text: string): string {
  let high = 0x811c9dc5;
  let low = 0xcbf29ce4;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193) >>> 0;
    low = Math.imul(low ^ (code + at), 0x01000193) >>> 0;
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}
