import type { LabNode } from '@holdfast/lab';
import { must } from '@holdfast/lab/tell';

/** Mail for anybody at mail.example goes into one folder on the disk. */
const mainCf = `compatibility_level = 3.6
queue_directory = /srv/mail/queue
data_directory = /srv/mail/data
inet_interfaces = 10.77.0.50
inet_protocols = ipv4
myhostname = mail.example
mydestination =
mynetworks = 10.77.0.0/24
message_size_limit = 1048576
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
virtual_mailbox_domains = mail.example
virtual_mailbox_base = /srv/mail
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
maillog_file = /var/log/mail.log
`;

/** Puts a mail server on the disk, as somebody would have done before protecting it. It is not started. */
export async function prepareMail(node: LabNode, device: string): Promise<void> {
  await must(node, 'mkdir', '-p', '/srv/mail');
  await must(node, 'mount', device, '/srv/mail');
  await must(node, 'mkdir', '/srv/mail/etc', '/srv/mail/queue');
  await must(node, 'install', '-d', '-o', 'postfix', '/srv/mail/data');
  await must(node, 'install', '-d', '-o', 'nobody', '/srv/mail/box');
  await must(node, 'install', '-o', 'postfix', '-m', '0640', '/dev/null', '/var/log/mail.log');
  await node.writeFile('/srv/mail/etc/main.cf', mainCf);
  // As Debian has it, with the services in a chroot taken out of it: a chroot needs copies of the node's files.
  await must(node, 'cp', '/etc/postfix/master.cf.proto', '/srv/mail/etc/master.cf');
  await must(node, 'postconf', '-c', '/srv/mail/etc', '-F', '*/*/chroot=n');
  // This makes the queue, once; the kit never makes one.
  await must(node, 'ip', 'address', 'add', '10.77.0.50/32', 'dev', 'lo');
  await must(node, 'postfix', '-c', '/srv/mail/etc', 'check');
  await must(node, 'ip', 'address', 'del', '10.77.0.50/32', 'dev', 'lo');
  await must(node, 'umount', '/srv/mail');
}
