/** A small mail server: it takes mail for mail.example into folders, and hands everything else on. */
export type InstanceOptions = Readonly<{ folder: string; address: string; log: string }>;

export function mainCf({ folder, address, log }: InstanceOptions): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
syslog_name = postfix
maillog_file = ${log}
inet_interfaces = ${address}
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 10.77.0.0/24
message_size_limit = 1048576
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
relayhost = [10.77.0.1]:2525
virtual_mailbox_domains = mail.example
virtual_mailbox_base = ${folder}/box
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`;
}

/** As Debian has it, without what nobody needs here. */
export const masterCf = `smtp       inet  n - n - -   smtpd
pickup     unix  n - n 60 1  pickup
cleanup    unix  n - n - 0   cleanup
qmgr       unix  n - n 300 1 qmgr
rewrite    unix  - - n - -   trivial-rewrite
bounce     unix  - - n - 0   bounce
defer      unix  - - n - 0   bounce
trace      unix  - - n - 0   bounce
verify     unix  - - n - 1   verify
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n - -   proxymap
smtp       unix  - - n - -   smtp
relay      unix  - - n - -   smtp
showq      unix  n - n - -   showq
error      unix  - - n - -   error
retry      unix  - - n - -   error
virtual    unix  - n n - -   virtual
anvil      unix  - - n - 1   anvil
scache     unix  - - n - 1   scache
postlog    unix-dgram n - n - 1 postlogd
`;
