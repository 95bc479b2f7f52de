# Exit code 0 when a mail server greets at ADDRESS, port 25. With a PIDFILE it prints the number of the master.
#   bash greeting.sh ADDRESS [PIDFILE]
exec 3<>"/dev/tcp/$1/25" || exit 1
read -r -t 2 -u 3 line || exit 1
[[ $line == '220 '* ]] || exit 1
printf 'QUIT\r\n' >&3
read -r -t 2 -u 3 line
if [ -n "${2-}" ]; then tr -d ' ' <"$2"; fi
