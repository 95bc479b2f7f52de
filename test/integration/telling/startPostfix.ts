import type { LabNode } from '@holdfast/lab';

const folder = '/srv/mail';

const mainCf = `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
syslog_name = postfix
maillog_file = /var/log/mail.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example
mydestination =
smtp_host_lookup = native
smtpd_peername_lookup = no
alias_maps =
alias_database =
virtual_mailbox_domains = mail.example
virtual_mailbox_base = ${folder}/box
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
`;

const masterCf = `smtp inet  n - n - -   smtpd
pickup     unix  n - n 60 1  pickup
cleanup    unix  n - n - 0   cleanup
qmgr       unix  n - n 300 1 qmgr
rewrite    unix  - - n - -   trivial-rewrite
bounce     unix  - - n - 0   bounce
defer      unix  - - n - 0   bounce
trace      unix  - - n - 0   bounce
proxymap   unix  - - n - -   proxymap
smtp       unix  - - n - -   smtp
error      unix  - - n - -   error
retry      unix  - - n - -   error
virtual    unix  - n n - -   virtual
anvil      unix  - - n - 1   anvil
postlog    unix-dgram n - n - 1 postlogd
`;

/** A real Postfix in the node that takes mail for mail.example; answers how to read what came in. */
export async function startPostfix(
  node: LabNode,
): Promise<{ sendmail: string[]; mails: () => Promise<string> }> {
  const sh = async (script: string): Promise<string> => {
    const ran = await node.run(['sh', '-euc', script], { budgetMs: 30_000 });
    if (!ran.ok) throw new Error(`${script}: ${ran.says}\n${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  await sh(`mkdir -p ${folder}/etc ${folder}/queue; ip link set lo up
    install -d -o postfix ${folder}/data; install -d -o nobody ${folder}/box`);
  await node.writeFile(`${folder}/etc/main.cf`, mainCf);
  await node.writeFile(`${folder}/etc/master.cf`, masterCf);
  await sh(`postfix -c ${folder}/etc check && postfix -c ${folder}/etc start`);
  return {
    sendmail: ['/usr/sbin/sendmail', '-C', `${folder}/etc`, '-i'],
    mails: () => sh(`cat ${folder}/box/all/new/* 2>/dev/null || true`),
  };
}
