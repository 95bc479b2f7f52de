/** Every problem that the core can report, each with the sentence that explains it to an operator. */
export const problemCodes = {
  DOCUMENT_SHAPE: 'A part of the document has the wrong form: a missing, misspelt or ill-typed field.',
  BAD_TAG: 'A tag has a character that tags may not have, begins wrongly, or is longer than 256 characters.',
  UNKNOWN_TYPE: 'A resource names a type for which no kit is loaded.',
  UNKNOWN_NEED: 'A resource needs, or comes after, a resource that the document does not describe.',
  UNKNOWN_NODE: 'A part of the document names a node that the document does not list.',
  UNKNOWN_RESOURCE: 'A tag is named that the configuration does not describe.',
  CYCLE: 'Resources need each other in a circle, so that none of them can be restored first.',
  SAME_IDENTITY: 'Two resources of one type protect the same thing.',
  EQUAL_PRIORITIES:
    'Two nodes have the same priority for one hierarchy, so that the choice between them is open.',
  POLICY_NEVER_ACTS: 'A policy asks for something that can never happen as the rest of it is set.',
  PLACEMENT_NEVER_ACTS: 'A wish of placement can never be kept as it is written.',
  BAD_SETTING: 'A setting of a resource is not what its kit allows.',
  HIERARCHY_NAMED_TWICE: 'Two entries under hierarchies name resources of one hierarchy.',
  NOT_BUILT: 'The document uses a part of the language that this version does not carry out yet.',
  PARENT_IN_SERVICE: 'A resource alone cannot be removed while something that needs it may be in service.',
  PAUSED: 'The protection of a resource is paused: the engine starts nothing of it.',
  ELSEWHERE: 'The resource is in service on another node, and the command forbids to take it from there.',
  IN_CLUSTER: 'What a single node may do would let two nodes of a cluster run the same.',
  NOT_ELIGIBLE: 'The node that was asked for may not or cannot run the hierarchy now.',
  NODE_STANDBY:
    'This node gives away what it has and takes nothing, for example because its agent is told to stop.',
  RESOURCE_IN_SERVICE: 'A change of the configuration would forget or replace a resource that is in service.',
  OPERATION_UNDER_WAY:
    'A change of the configuration would forget or replace a resource while an operation acts on it.',
  NEED_OUT_OF_SERVICE: 'A change would let a resource in service need one that is not in service.',
  STALE_GENERATION: 'A change was made from a generation of the configuration that is no longer in force.',
  FLAG_EXISTS: 'A flag of this name is there already.',
  UNKNOWN_FLAG: 'There is no flag of this name on the node.',
  GLOBAL_SCRIPT_FAILED: 'A global script that runs before or after an action ended badly.',
  GLOBAL_SCRIPT_REFUSED:
    'A global script, or its folder, could have been written by somebody else than root.',
  UNKNOWN_ACTION: 'The kit of a resource has no such action.',
  BUSY: 'Something is being done with the resource.',
  NOT_WANTED_IN_SERVICE: 'What is asked makes sense only for a resource that is wanted in service.',
  KIT_FAULT: 'A kit gave no answer, or one that the contract does not allow.',
  NOT_A_TIME: 'A time of the beats is not a whole number of milliseconds above zero.',
  ELECTION_TOO_SHORT: 'The times of etcd do not fit together as etcd itself asks for.',
  RIGHT_TOO_SHORT:
    'A node would lose its right to act while etcd elects a leader: three renewals and two elections must fit.',
  ANSWER_UNFIT:
    'The time in which a beat must be answered is shorter than an election, or longer than the right.',
  MARGIN_UNFIT: 'The margin is too small for what clocks do, or so large that it eats the right.',
  DROP_TOO_SHORT: 'The time to drop everything is shorter than the keeper may be late.',
  WATCHDOG_NOT_WHOLE_SECONDS: 'Right and drop together are not whole seconds, as a watchdog counts.',
  UNKNOWN_GENERATION: 'A generation of the configuration is named that was never applied, or is not kept.',
  BAD_NOTIFIER: 'A notifier would reach nobody as it is written, or would give a secret away.',
  NOTHING_WAITS: 'An answer was given to a question that nobody asks: nothing waits for it.',
  NOT_READY: 'A node says that it could not run a hierarchy that it would be allowed to run.',
  OWNED_APART: 'A change would make one hierarchy of two that different nodes own.',
  UNSOUND_PLAN: 'A plan would break the order of the hierarchy. This is a fault in Holdfast.',
} as const;

export type ProblemCode = keyof typeof problemCodes;
