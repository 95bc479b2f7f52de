import type { ResourceType, Settings, TypeName } from '@holdfast/core';
import { z } from 'zod';
import type { Described, KitFacts } from './kitHost.ts';

/* What the core is told of a type, made from what its kit answered before, or of no answer at all. */

/** A type whose kit was asked about all that the document says. */
export function answering(
  facts: KitFacts,
  answers: ReadonlyMap<string, Described>,
  remember: (one: Extract<Described, { ok: true }>) => Settings,
): ResourceType {
  const identities = new WeakMap<object, string>();
  return {
    type: facts.type as TypeName,
    actions: facts.actions,
    fields: facts.fields,
    settings: {
      safeParse: (input) => {
        const answer = answers.get(JSON.stringify(input));
        if (answer === undefined) return refusing('its kit was not asked about it');
        if (!answer.ok) return { success: false, error: new z.ZodError([...answer.issues]) };
        identities.set(answer.settings, answer.identity);
        return { success: true, data: remember(answer) };
      },
    },
    identity: (settings) => identities.get(settings as object)!,
  };
}

/** A type of which no kit can say anything: settings are taken as they are written, unless `refuses` says why not. */
export function unheard(type: string, refuses: (input: unknown) => string | undefined): ResourceType {
  return {
    type: type as TypeName,
    // What every kit can do, and the check for which a document may hold a policy.
    actions: ['restore', 'remove', 'quickCheck', 'deepCheck'],
    settings: {
      safeParse: (input) => {
        const why = refuses(input);
        return why === undefined ? { success: true, data: { ...(input as Settings) } } : refusing(why);
      },
    },
    identity: (settings) => JSON.stringify(settings),
  };
}

/** What stands in the document in force is accepted unseen, and nothing else. */
export function acceptKept(
  inForce: ReadonlyMap<string, unknown>,
  why: string,
): (input: unknown) => string | undefined {
  return (input) =>
    inForce.has(JSON.stringify(input)) ? undefined : `${why}; only what is in force already may stay`;
}

function refusing(message: string): { success: false; error: z.ZodError } {
  return { success: false, error: new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]) };
}
