# The shell library of script kits, for any POSIX shell:  . "$HOLDFAST_LIB"
#
# Answers. Each says its words and ends the script:
#   holdfast_done EVIDENCE               restore, remove, recover: it is done
#   holdfast_failed EVIDENCE [TODO]      these, and a check: it failed; TODO is what the operator can do
#   holdfast_in_service EVIDENCE         a check: it serves
#   holdfast_out_of_service EVIDENCE     a check: nothing of it is there
#   holdfast_degraded EVIDENCE           a check: it serves, and something is wrong
#   holdfast_timed_out EVIDENCE          a check: asked, and no answer in time
#   holdfast_unknown EVIDENCE            a check: could not be made; says nothing about the service
#   holdfast_ready EVIDENCE              preflight: this node could run it
#   holdfast_not_ready EVIDENCE [TODO]   preflight: it could not
#
# For the way there:
#   holdfast_log WORDS                   a line in the log
#   holdfast_condition CODE WORDS        worth knowing beside the finding of a check
#   holdfast_wait_until SECONDS COMMAND  tries the command until it succeeds; fails when the time is over
#   holdfast_run_as ACCOUNT COMMAND      runs the command as that account, with its groups
#
# For a service that does not go into the background by itself:
#   holdfast_start PIDFILE COMMAND       starts it on its own, and writes down which process it is
#   holdfast_pid PIDFILE                 prints the number of that very process; fails when it is gone
#   holdfast_stop PIDFILE SECONDS        TERM, and KILL after SECONDS; succeeds when it is gone

holdfast_answer() { # CODE EVIDENCE [TODO]
  printf '%s\n' "${2:?say what you saw}" >&2
  [ -z "${3:-}" ] || printf 'todo: %s\n' "$3" >&2
  exit "$1"
}

holdfast_done() { holdfast_answer 0 "$@"; }
holdfast_in_service() { holdfast_answer 0 "$@"; }
holdfast_ready() { holdfast_answer 0 "$@"; }
holdfast_out_of_service() { holdfast_answer 10 "$@"; }
holdfast_failed() { holdfast_answer 11 "$@"; }
holdfast_degraded() { holdfast_answer 12 "$@"; }
holdfast_timed_out() { holdfast_answer 13 "$@"; }
holdfast_unknown() { holdfast_answer 14 "$@"; }
holdfast_not_ready() { holdfast_answer 15 "$@"; }

holdfast_log() { printf '%s\n' "$*"; }

holdfast_condition() { # CODE WORDS
  printf 'condition: %s\n' "$*" >&2
}

# Hundredths of a second since the boot: no step of the clock on the wall makes a wait longer or shorter.
holdfast_now() {
  read -r holdfast_uptime holdfast_rest </proc/uptime
  printf '%s\n' "${holdfast_uptime%.*}${holdfast_uptime#*.}"
}

holdfast_wait_until() { # SECONDS COMMAND...
  holdfast_deadline=$(($(holdfast_now) + $1 * 100))
  shift
  until "$@"; do
    [ "$(holdfast_now)" -lt "$holdfast_deadline" ] || return 1
    sleep 0.05
  done
}

holdfast_run_as() { # ACCOUNT COMMAND...
  holdfast_account=$1
  shift
  setpriv --reuid "$holdfast_account" --regid "$(id -g "$holdfast_account")" --init-groups -- "$@"
}

# A number is used again after its process ended; together with the time of its start it is one process.
holdfast_started_at() { # PID
  holdfast_stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # The name stands in parentheses, and may have blanks and parentheses of its own.
  # shellcheck disable=SC2086 # These are words.
  set -- ${holdfast_stat##*) }
  case $1 in Z | X) return 1 ;; esac
  shift 19
  printf '%s\n' "$1"
}

# It writes itself down before it becomes the service and leaves our process group: whoever ends this script before
# that ends it too, and afterwards it is known.
holdfast_start() { # PIDFILE COMMAND...
  rm -f "$1"
  # shellcheck disable=SC2016 # The inner shell fills it in.
  sh -c '. "$HOLDFAST_LIB"
    at=$(holdfast_started_at $$) && printf "%s\n%s\n" $$ "$at" >"$1.new" && mv "$1.new" "$1" || exit
    shift
    exec setsid "$@"' sh "$@" </dev/null >/dev/null 2>&1 &
  holdfast_wait_until 5 holdfast_is_begun "$1" $!
  holdfast_pid "$1" >/dev/null
}

# It is written down, or it ended before it could be.
holdfast_is_begun() { # PIDFILE PID
  [ -e "$1" ] || ! kill -0 "$2" 2>/dev/null
}

holdfast_pid() { # PIDFILE
  [ -r "$1" ] || return 1
  { read -r holdfast_number && read -r holdfast_start_time; } <"$1" || return 1
  [ "$(holdfast_started_at "$holdfast_number")" = "$holdfast_start_time" ] || return 1
  printf '%s\n' "$holdfast_number"
}

holdfast_is_gone() { # PIDFILE
  ! holdfast_pid "$1" >/dev/null
}

holdfast_stop() { # PIDFILE SECONDS
  for holdfast_signal in TERM KILL; do
    holdfast_victim=$(holdfast_pid "$1") || break
    kill -s "$holdfast_signal" "$holdfast_victim" 2>/dev/null || true
    # A stopped process hears TERM only when it goes on.
    kill -s CONT "$holdfast_victim" 2>/dev/null || true
    holdfast_wait_until "$2" holdfast_is_gone "$1" && break
  done
  holdfast_is_gone "$1" && rm -f "$1"
}
