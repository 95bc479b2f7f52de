import { lcdiCodes } from '../lcdi/codes.ts';
import { defineCommand, misuse, report, succeed } from '../lcdi/defineCommand.ts';

const values = {
  C: ['CLASS', 'Class of the event, such as filesys'],
  E: ['EVENT', 'The event, such as badmount'],
  m: ['MONITOR', 'Who has seen it'],
  n: ['OBJECT', 'What it is about: a tag, or the ID of a resource'],
  i: ['ID', 'What it is about, before -n'],
  c: ['CLASS', 'Class of the object'],
  t: ['TIME', 'When it was: YYMMDDHHMMSS'],
  s: ['SEVERITY', 'How bad it is'],
  x: ['TEXT', 'In words'],
} as const;

export const sendevent = defineCommand(
  {
    name: 'sendevent',
    synopsis: '-C CLASS -E EVENT [-m MONITOR] -n OBJECT [-i ID] [-t TIME] [-s SEVERITY] [-x TEXT]',
    says: 'Tells the agent that something was seen. The resource that it is about is checked at once, and the check decides: an event alone stops and starts nothing. About what nobody here protects it is only logged.',
    values,
    required: ['C', 'E'],
    isLocal: true,
    examples: [
      ['sendevent -C filesys -E badmount -n /srv/mail', 'The mount looks wrong: check it'],
      ["sendevent -C app -E down -n web -m probe -x 'no answer'", 'What a probe has seen'],
    ],
  },
  async (call) => {
    const { C: eventClass = '', E: event = '', n, i, t: time, ...more } = call.values;
    const object = i ?? n;
    if (object === undefined) return misuse(call, 'say what it is about: -n or -i');
    if (time !== undefined && !/^\d{12}$/.test(time)) return misuse(call, '-t takes YYMMDDHHMMSS');
    const told = [
      `event ${eventClass}/${event}`,
      ...(more.m === undefined ? [] : [`from ${more.m}`]),
      ...(more.s === undefined ? [] : [`severity ${more.s}`]),
      ...(time === undefined ? [] : [`at ${time}`]),
      ...(more.x === undefined ? [] : [`"${more.x}"`]),
    ].join(' ');
    // LifeKeeper's ID of an address has a prefix that ours has not.
    const answer = await call.client.suspect({
      object: object.replace(/^IP-/, ''),
      why: told.slice(0, 2000),
      by: call.around.by,
    });
    if (!answer.ok) return report(call, answer.trouble);
    const { tags } = answer.value;
    const says =
      tags.length === 0 ? `noted; nothing here protects ${object}` : `is checked now: ${tags.join(', ')}`;
    await succeed(call, { lines: [says], more: { tags } });
    return lcdiCodes.done;
  },
);
