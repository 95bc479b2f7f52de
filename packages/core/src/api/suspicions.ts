import { z } from 'zod';

/** POST /v1/suspicions: somebody outside has seen something. It brings the next check forward and decides nothing. */
export const suspicionRequest = z.strictObject({
  /** The tag of the resource, or the identity of the protected thing. */
  object: z.string().min(1).max(4096),
  /** What was seen, in the words of who saw it. */
  why: z.string().min(1).max(2000),
  by: z.string().min(1).max(200).default('operator'),
});
export type SuspicionRequest = z.input<typeof suspicionRequest>;

/** Whom it is about, and is checked now; nobody, when no resource here protects it. */
export const suspicionAnswer = z.object({ tags: z.array(z.string()) });
export type SuspicionAnswer = z.infer<typeof suspicionAnswer>;
