import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

const address = z.string().superRefine((text, context) => {
  const wrong = whatIsWrong(text);
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
});

export const settings = z.strictObject({
  address: address.describe(
    'IPv4 address with its prefix length, such as 10.77.0.50/24. At the next restore.',
  ),
  device: z
    .string()
    .regex(/^[^\s/:]{1,15}$/, 'a network device has 1 to 15 characters, without spaces, slashes and colons')
    .describe('The network device that carries it, such as eth0. At the next restore.'),
  duplicateCheckMs: z
    .union([z.literal(0), z.int().min(200).max(10_000)])
    .default(1_000)
    .describe(
      'Milliseconds to wait for another host that has the address, before it is added; 0 leaves the question out. At the next restore.',
    ),
});
export type Settings = z.infer<typeof settings>;

function whatIsWrong(text: string): string | undefined {
  const [host = '', prefix, ...rest] = text.split('/');
  if (isIPv6(host)) return `${text} is an IPv6 address; this kit serves IPv4 only`;
  if (!isIPv4(host)) return `${text} is not an IPv4 address with a prefix length; write 10.77.0.50/24`;
  if (prefix === undefined) return `${text} has no prefix length; write ${host}/24`;
  if (rest.length > 0 || !/^([1-9]|[12]\d|3[0-2])$/.test(prefix)) {
    return `the prefix length of ${text} is not a number from 1 to 32`;
  }
  const first = Number(host.split('.')[0]);
  if (first === 0 || first === 127 || first >= 224) return `${host} can not be an address of a host`;
  return undefined;
}
