import type { Link } from './readLinks.ts';

/** Part of every Debian; see the README for what happens where it is not installed. */
export const advertiseProgram = 'perl';

/**
 * Sends unsolicited neighbour advertisements from an IPv6 address to all nodes of its link: type 136, with the
 * override flag, and the hardware address as an option. The hop limit must be 255, else nobody believes it; the kernel
 * fills in the checksum. Debian has no program that does this (arping knows IPv4 only, ndisc6 only asks, ndsend is not
 * packaged), and Node has no raw sockets.
 */
const script = `
use strict;
use warnings;
use Socket qw(AF_INET6 SOCK_RAW IPPROTO_IPV6 IPPROTO_ICMPV6 IPV6_MULTICAST_HOPS IPV6_MULTICAST_IF inet_pton pack_sockaddr_in6);
my ($host, $index, $hardware, $is_router, $times) = @ARGV;
my $address = inet_pton(AF_INET6, $host);
my $all_nodes = pack_sockaddr_in6(0, inet_pton(AF_INET6, 'ff02::1'), $index);
my $flags = 0x20000000 | ($is_router ? 0x80000000 : 0);
my $option = pack('C2', 2, 1) . pack('H12', $hardware =~ tr/://dr);
my $advertisement = pack('C2 n N', 136, 0, 0, $flags) . $address . $option;
socket(my $socket, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) or die "socket: $!\\n";
setsockopt($socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, pack('i', 255)) or die "hop limit: $!\\n";
setsockopt($socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, pack('i', $index)) or die "device: $!\\n";
bind($socket, pack_sockaddr_in6(0, $address)) or die "bind: $!\\n";
for my $time (1 .. $times) {
  select(undef, undef, undef, 1) if $time > 1;
  send($socket, $advertisement, 0, $all_nodes) or die "send: $!\\n";
}
`;

export function advertiseWords(given: {
  host: string;
  link: Link;
  times: number;
  isRouter: boolean;
}): readonly [string, ...string[]] {
  const { host, link, times, isRouter } = given;
  const words = [host, link.index, link.hardwareAddress, isRouter ? 1 : 0, times].map(String);
  return [advertiseProgram, '-e', script, ...words];
}
