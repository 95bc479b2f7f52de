import { describe, expect, test } from '@jest/globals';
import { readAddressEvent } from '../src/program/watch/addressEvents.ts';
import { readMountEvent } from '../src/program/watch/mountEvents.ts';

describe('a line of ip monitor', () => {
  test.each([
    [
      '2: eth0    inet 10.77.0.50/24 scope global secondary eth0\\       valid_lft forever preferred_lft forever',
      '10.77.0.50',
    ],
    [
      'Deleted 2: eth0    inet 10.77.0.50/24 scope global eth0\\       valid_lft forever preferred_lft forever',
      '10.77.0.50',
    ],
    [
      '12: veth1    inet6 fd00:77::50/64 scope global tentative \\       valid_lft forever preferred_lft forever',
      'fd00:77::50',
    ],
    ['[ADDR]Deleted 2: eth0    inet 10.77.0.50/32 scope global eth0', '10.77.0.50'],
  ])('about an address names it: %s', (line, address) => {
    expect(readAddressEvent(line)).toEqual({ kind: 'address', address });
  });

  test.each([
    '2: eth0@if3: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state LOWERLAYERDOWN group default',
    'Deleted 2: eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc noop state DOWN group default',
  ])('about a link says so: %s', (line) => {
    expect(readAddressEvent(line)).toEqual({ kind: 'link' });
  });

  test.each(['', '    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff', 'nonsense'])(
    'about something else means nothing: %s',
    (line) => {
      expect(readAddressEvent(line)).toBeUndefined();
    },
  );
});

describe('a line of findmnt --poll', () => {
  test.each([
    ['umount /srv/pg ', ['/srv/pg']],
    ['mount /srv/a\\x20b ', ['/srv/a b']],
    ['move /srv/new /srv/old', ['/srv/new', '/srv/old']],
    ['remount /srv/\\xc3\\xa9 ', ['/srv/é']],
  ])('names the places that it is about: %s', (line, places) => {
    expect(readMountEvent(line)).toEqual(places);
  });
});
