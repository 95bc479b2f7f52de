/** What each resource needs, by tag. */
export type Needs = Readonly<Record<string, Readonly<{ needs?: readonly string[] }>>>;

/**
 * A cluster of two nodes as Pacemaker writes it: for each need one order and one colocation, so that a parent starts
 * after what it needs, and where that is. Nothing runs, and everything may.
 */
export function cibOf(resources: Needs): string {
  const entries = Object.entries(resources);
  const primitives = entries.map(
    ([tag]) => `<primitive id="${tag}" class="ocf" provider="pacemaker" type="Dummy"/>`,
  );
  const constraints = entries.flatMap(([tag, { needs = [] }]) =>
    needs.flatMap((child) => [
      `<rsc_order id="o-${tag}-${child}" first="${child}" then="${tag}"/>`,
      `<rsc_colocation id="c-${tag}-${child}" rsc="${tag}" with-rsc="${child}" score="INFINITY"/>`,
    ]),
  );
  const properties = { 'stonith-enabled': 'false', 'no-quorum-policy': 'ignore' };
  const nvpairs = Object.entries(properties).map(
    ([name, value]) => `<nvpair id="p-${name}" name="${name}" value="${value}"/>`,
  );
  return [
    '<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1">',
    `<configuration><crm_config><cluster_property_set id="options">${nvpairs.join('')}</cluster_property_set></crm_config>`,
    `<nodes>${nodes.map(({ id, name }) => `<node id="${id}" uname="${name}"/>`).join('')}</nodes>`,
    `<resources>${primitives.join('')}</resources>`,
    `<constraints>${constraints.join('')}</constraints></configuration>`,
    `<status>${nodes.map(nodeState).join('')}</status></cib>`,
  ].join('\n');
}

const nodes = [
  { id: 1, name: 'alpha' },
  { id: 2, name: 'beta' },
];

/** Online, and seen to run nothing: without its history Pacemaker would look at each resource first. */
function nodeState({ id, name }: { id: number; name: string }): string {
  const attributes = `<transient_attributes id="${id}"/>`;
  return `<node_state id="${id}" uname="${name}" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="${id}"><lrm_resources/></lrm>${attributes}</node_state>`;
}
