/** Where a node of a lab finds the lab's power switch. What listens there runs outside of the node. */
export const fenceSocket = '/run/fence_lab.sock';

/** One line of JSON. The answer is an object too: the exit code of the contract, and a sentence. */
export type FenceQuestion = Readonly<{ action: string; plug: string; password: string }>;
