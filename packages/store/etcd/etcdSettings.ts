import { z } from 'zod';

const milliseconds = z.int().min(1).max(600_000);

/** How the members of etcd are reached, as an operator writes it. Secrets stand in files, and are read by the program. */
export const etcdSettings = z
  .strictObject({
    endpoints: z.array(z.url({ protocol: /^https?$/ })).min(1),
    /** Every key of ours begins with it, so that others can use the same etcd, and a role can be given for it. */
    prefix: z
      .string()
      .regex(/^\/[\w./-]*\/$/, 'begin and end the prefix with a slash')
      .default('/holdfast/'),
    /** PEM. Without `cert` and `key` etcd must not ask for a client certificate. */
    tls: z
      .strictObject({
        ca: z.string(),
        cert: z.string().optional(),
        key: z.string().optional(),
        servername: z.string().optional(),
      })
      .optional(),
    user: z.strictObject({ name: z.string().min(1), password: z.string().min(1) }).optional(),
    /** A member that has not taken a connection by then is passed over. */
    connectWithinMs: milliseconds.default(500),
    /** A member that has not answered a request by then gets no new ones while others are there. */
    suspectAfterMs: milliseconds.default(500),
    /** A request is answered within it, or told as not answered. */
    requestWithinMs: milliseconds.default(5_000),
    /** How often a watch asks whether the other side is alive. It is given up after three times without a word. */
    progressEveryMs: milliseconds.default(500),
    /** etcd's own limit, as it was started: --max-txn-ops. */
    operationsMax: z.int().min(1).default(128),
  })
  .superRefine(({ endpoints, tls, user }, context) => {
    const refuse = (message: string, ...path: string[]): void =>
      context.addIssue({ code: 'custom', message, path });
    const isPlain = endpoints.some((endpoint) => endpoint.startsWith('http:'));
    if (tls !== undefined && isPlain) refuse('with tls, every endpoint begins with https:', 'endpoints');
    if (user !== undefined && isPlain)
      refuse('a password is sent over TLS alone: let every endpoint begin with https:', 'user');
    if ((tls?.cert === undefined) !== (tls?.key === undefined)) refuse('cert and key belong together', 'tls');
    if (new Set(endpoints).size !== endpoints.length) refuse('an endpoint is named twice', 'endpoints');
  });

/** As it is written; what is left out has its default. */
export type EtcdOptions = z.input<typeof etcdSettings>;
/** Every question settled. */
export type EtcdSettings = z.output<typeof etcdSettings>;
