import { basisOf } from '../decide/basisOf.ts';
import type { Configuration } from '../document/configuration.ts';
import { reason } from '../plan/plan.ts';
import { isInService, type Tag } from '../vocabulary.ts';
import { type Facts, now } from './facts.ts';

/** It failed wherever it is in service. Nobody looks whether something fails while its protection is paused. */
export function failWhereInService(facts: Facts, configuration: Configuration, tag: Tag): void {
  for (const node of configuration.nodes) {
    const record = facts.states[node]![tag]!;
    if (facts.nodes[node]!.alive === 'gone' || !isInService(record.state)) continue;
    if (record.state === 'ISU') {
      const because = reason('paused', 'its protection is paused, so its failure is not answered');
      facts.notes.push({ tag, because });
      continue;
    }
    const intent = facts.intents[tag];
    const failure = {
      kind: 'interrupted' as const,
      evidence: `${tag} has failed`,
      todo: '',
      at: now,
      // What is to go anyway goes also when it has failed.
      intentRevision: intent?.want === 'inService' ? intent.revision : -1,
      basis: basisOf(configuration, facts, node, tag),
    };
    facts.states[node]![tag] = { ...record, state: 'OSF', reason: failure.evidence, failure };
  }
}
