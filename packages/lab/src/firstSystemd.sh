# The end of firstProcess.sh where the node's first process is systemd: the same process goes on as /lib/systemd/systemd.
#
#   sh firstSystemd.sh CGROUP PID
#
# CGROUP is the name of the node's cgroup, below the root of this machine's second hierarchy; its units are below it, and
# nothing of it can reach what is above. PID is what `ready` says. Descriptor 3 is the lifeline, when it is open.
set -eu
cgroup=$1 pid=$2

mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/$cgroup"
echo 0 >"/sys/fs/cgroup/$cgroup/cgroup.procs"
umount /sys/fs/cgroup

# The kernel and its console are this machine's: what systemd would set, load or write there, it can only read.
mount --bind /proc/sys /proc/sys
mount --bind /proc/sys/net /proc/sys/net
mount -o remount,bind,ro /proc/sys
for file in /proc/sysrq-trigger /dev/console /dev/kmsg; do
  [ ! -e "$file" ] || mount --bind /dev/null "$file"
done
mount -o remount,bind,ro /sys

# No unit that this machine has enabled, and none that is about devices, modules or settings of the kernel.
mount -t tmpfs -o mode=755 lab /etc/systemd/system
for unit in \
  dev-hugepages.mount dev-mqueue.mount kmod-static-nodes.service modprobe@.service proc-sys-fs-binfmt_misc.automount \
  proc-sys-fs-binfmt_misc.mount sys-fs-fuse-connections.mount sys-kernel-config.mount sys-kernel-debug.mount \
  sys-kernel-tracing.mount systemd-binfmt.service systemd-firstboot.service systemd-hwdb-update.service \
  systemd-journal-flush.service systemd-machine-id-commit.service systemd-modules-load.service \
  systemd-pstore.service systemd-random-seed.service systemd-remount-fs.service systemd-sysctl.service \
  systemd-tmpfiles-setup-dev.service systemd-udev-settle.service systemd-udev-trigger.service \
  systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-udevd.service systemd-update-utmp.service; do
  ln -s /dev/null "/etc/systemd/system/$unit"
done

# When the lifeline ends, so does the node: the kernel takes this for an end of the pid namespace, as nothing but its
# first process could be asked. It is never asked where that is not the systemd of a lab.
if [ -e /proc/self/fd/3 ]; then
  sh -c 'cat <&3; tr "\0" "\n" </proc/1/environ | grep -qx container=lab && exec systemctl --force --force poweroff' \
    >/dev/null 2>&1 </dev/null &
  exec 3<&-
fi

echo "ready $pid"
exec </dev/null >/dev/null 2>&1
# The cgroup namespace begins where this process is: so it is entered last.
exec unshare --cgroup sh -c 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec env -i container=lab \
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=basic.target'
