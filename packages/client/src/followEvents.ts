import type { AgentEvent } from '@holdfast/core';
import { converse, type Response } from './converse.ts';
import { textOf } from './exchange.ts';
import { type Asked, broken, connectionTrouble, TroubleError } from './trouble.ts';
import { understand } from './understand.ts';

/**
 * The agent's events, one after the other, without a bound of time: there may be nothing to tell for days. Ends when
 * the agent closes or dies, or when the signal aborts; throws a TroubleError when it cannot begin, or is told
 * something that it does not understand.
 */
export async function* followEvents(
  { socketPath, node }: Readonly<{ socketPath: string; node?: string | undefined }>,
  from: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, void, undefined> {
  const path = `/v1/events${from === undefined ? '' : `?from=${from}`}`;
  const asked = { socketPath, method: 'GET', path, ...(node === undefined ? {} : { node }) };
  const { agentEvent, problemAnswer } = await import('@holdfast/core/api');
  const response = await begin(asked, signal);
  if (response === undefined) return;
  if (response.statusCode !== 200) {
    const said = { status: response.statusCode, text: await textOf(response) };
    const refused = understand(asked, said, { value: agentEvent, refusal: problemAnswer });
    throw new TroubleError(refused.ok ? broken(asked, `HTTP ${said.status}`) : refused.trouble);
  }
  try {
    for await (const line of linesOf(response, asked)) {
      const read = understand(
        asked,
        { status: 200, text: line },
        { value: agentEvent, refusal: problemAnswer },
      );
      if (!read.ok) throw new TroubleError(read.trouble);
      yield read.value;
    }
  } finally {
    response.close();
  }
}

async function begin(asked: Asked, signal: AbortSignal): Promise<Response | undefined> {
  try {
    return await converse(asked, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw new TroubleError(connectionTrouble(asked, error as Error, undefined));
  }
}

async function* linesOf({ pieces: body }: Response, asked: Asked): AsyncGenerator<string, void, undefined> {
  let rest = '';
  const pieces = body[Symbol.asyncIterator]();
  for (;;) {
    const piece = await pieces.next().catch(() => ended);
    // What follows the last line end is half a line of an agent that died while it wrote: not an event.
    if (piece.done === true) return;
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineMax)
      throw new TroubleError(broken(asked, `an event is longer than ${lineMax} characters`));
    for (const line of lines) if (line !== '') yield line;
  }
}

/** A connection that breaks says the same as one that is closed: the agent is not there any more. */
const ended = { done: true, value: undefined } as const;

/** An event lists the steps of an operation; this is far above one for every resource. */
const lineMax = 16 * 1024 * 1024;
