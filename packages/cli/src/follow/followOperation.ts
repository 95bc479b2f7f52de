import { type Client, TroubleError } from '@holdfast/client';
import type { AgentEvent } from '@holdfast/core';

/** How an operation ended, or why its end was not seen. */
export type OperationEnding = 'done' | 'failed' | 'cancelled' | 'lost' | 'interrupted';

/** Hands on each event of an operation, until the one that ends it. */
export async function followOperation(given: {
  client: Client;
  operation: string;
  fromEvent: number;
  signal: AbortSignal;
  tell: (event: AgentEvent) => void;
}): Promise<OperationEnding> {
  const { client, operation, fromEvent, signal, tell } = given;
  try {
    for await (const event of client.events(fromEvent, signal)) {
      if (!('operation' in event) || event.operation !== operation) continue;
      tell(event);
      if (event.kind === 'operation-ended') return event.result;
    }
  } catch (error) {
    if (!(error instanceof TroubleError)) throw error;
  }
  return signal.aborted ? 'interrupted' : 'lost';
}
