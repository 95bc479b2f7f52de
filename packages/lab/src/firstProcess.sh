# The first process of a lab host, in namespaces of its own (see openNamespaces.ts). It makes a world in which
# every write is private, says `ready PID` with its pid as the host sees it, and then lives as long as its lifeline.
#
#   sh firstProcess.sh NAME LIFELINE REPOSITORY SYSTEMD CGROUP [MOUNT ...]
#
# LIFELINE is `input` (end with standard input), `none` (until it is killed), or a fifo that the hub holds open.
# REPOSITORY is mounted over when it is not empty: it is not seen through the overlay of the root.
# SYSTEMD is the script that goes on as systemd, in a cgroup of the name CGROUP; both are empty for a node without.
# A MOUNT is another file system of the host, in the order in which the host mounted it.
set -eu
exec 2>&1
trap 'echo failed' EXIT
name=$1 lifeline=$2 repository=$3 systemd=$4 cgroup=$5
shift 5

# /proc is still the host's, and the shell itself opens the file: so this is its own pid there.
read -r pid rest </proc/self/stat

case $lifeline in
  input) exec 3<&0 ;;
  none) ;;
  *) exec 3<"$lifeline" ;;
esac

hostname "$name"

# /sys is the one directory that is always there and hides nothing we need: neither the host's files nor a checkout.
work=/sys
mount -t tmpfs -o mode=755 lab "$work"
root=$work/root
mkdir "$root"

# Puts DIRECTORY of the host at PLACE so that writes go to memory; read-only where an overlay can not be made.
layers=0
privately() {
  layers=$((layers + 1))
  mkdir -p "$2" "$work/upper$layers" "$work/work$layers"
  mount -t overlay -o "lowerdir=$1,upperdir=$work/upper$layers,workdir=$work/work$layers" lab "$2" 2>/dev/null ||
    mount --bind -o ro "$1" "$2"
}

privately / "$root"
for mounted in "$@"; do
  privately "$mounted" "$root$mounted"
done

mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 lab "$root/dev/shm"
mount -t tmpfs -o mode=755 lab "$root/run"
mount -t tmpfs -o mode=1777 lab "$root/tmp"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mkdir -m 1777 "$root/run/lock"
if [ -n "$repository" ]; then privately "$repository" "$root$repository"; fi

cd "$root"
mkdir -p .host
pivot_root . .host
cd /
umount -l /.host
rmdir /.host

ip link set lo up
printf '127.0.0.1 localhost %s\n' "$name" >/etc/hosts
printf '%s\n' "$name" >/etc/hostname

# The hub's other end of the fifo that its nodes live by. It is closed by the kernel, however the hub ends.
if [ "$lifeline" = input ] || [ "$lifeline" = none ]; then
  mkdir /run/lab
  mkfifo /run/lab/lifeline
  exec 4<>/run/lab/lifeline
fi

if [ -n "$systemd" ]; then exec sh "$systemd" "$cgroup" "$pid"; fi

trap - EXIT
echo "ready $pid"
# `wait` reaps what is adopted from dead parents. When the lifeline ends, so does this process, and the kernel then
# ends every other process of the pid namespace and releases its mounts, addresses and devices.
# USR1 is how a node takes itself down, as `reboot` would on a machine.
if [ "$lifeline" = none ]; then
  exec sh -c 'trap "exit 1" USR1; sleep infinity & wait $!' </dev/null >/dev/null 2>&1
else
  exec sh -c 'trap "exit 1" USR1; cat <&3 >/dev/null & wait $!' </dev/null >/dev/null 2>&1
fi
