# Sourced by flink.sh, spark.sh and stores.sh: what is installed for the tests, and the processes of a
# cluster on this machine, loopback only.
set -euo pipefail
home=$(cd "$(dirname "$0")/../.." && pwd)
state=$home/target/clusters/$engine
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

fail() {
  echo "$engine cluster: $*" >&2
  exit 1
}

# The jars of an installation, copied from Maven artifacts the first time.
install_jars() {
  local jars=$home/target/clusters/$engine/lib
  if [ ! -d "$jars" ] || [ "$home/src/clusters/$engine/installation.xml" -nt "$jars/.complete" ]; then
    command -v mvn >/dev/null || fail "Maven (mvn) is needed for the first start; please install it"
    echo "$engine cluster: fetching its jars from Maven artifacts …" >&2
    rm -rf "$jars"
    mkdir -p "$state"
    mvn -B -q -f "$home/src/clusters/$engine/installation.xml" package >"$state/maven.log" 2>&1 ||
      { cat "$state/maven.log" >&2; fail "its jars could not be fetched; the log above is $state/maven.log"; }
    touch "$jars/.complete"
  fi
}

# launch NAME COMMAND…: a process of its own session, its log and process id in $state.
launch() {
  local name=$1
  shift
  setsid "$@" >"$state/$name.log" 2>&1 </dev/null &
  echo $! >"$state/$name.pid"
}

alive() { [ -f "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

# await SECONDS WHAT COMMAND…: until the command succeeds. A process that has ended ends the wait; then
# what has come up goes, and the logs' ends are shown.
await() {
  local seconds=$1 what=$2 begin=$SECONDS pid
  shift 2
  until "$@" 2>/dev/null; do
    for pid in "$state"/*.pid; do
      alive "$pid" || give_up "$(basename "$pid" .pid) ended"
    done
    [ $((SECONDS - begin)) -lt "$seconds" ] || give_up "$what did not come up in $seconds seconds"
    sleep 0.2
  done
}

give_up() {
  tail -n 25 "$state"/*.log >&2
  stop_all
  fail "$*; the logs' ends are above, the logs are $state/*.log"
}

# logged NAME PATTERN: what the group in an extended pattern matches in a process's log; fails without.
logged() {
  local found
  found=$(sed -nE "s#.*$2.*#\\1#p" "$state/$1.log" | head -n 1)
  [ -n "$found" ] && echo "$found"
}

require_stopped() {
  for pid in "$state"/*.pid; do
    if alive "$pid"; then fail "runs already ($state/address says where); $0 stop ends it"; fi
  done
}

stop_all() {
  local pid begin=$SECONDS
  for pid in "$state"/*.pid; do
    if alive "$pid"; then kill "$(cat "$pid")" 2>/dev/null || true; fi
  done
  for pid in "$state"/*.pid; do
    while alive "$pid"; do
      if [ $((SECONDS - begin)) -gt 10 ]; then kill -9 "$(cat "$pid")" 2>/dev/null || true; fi
      sleep 0.1
    done
  done
  rm -f "$state"/*.pid "$state/address"
}

show_status() {
  local pid any=
  for pid in "$state"/*.pid; do
    if alive "$pid"; then
      any=1
      echo "$(basename "$pid" .pid): process $(cat "$pid")"
    fi
  done
  if [ -n "$any" ]; then cat "$state/address"; else echo "not running"; return 1; fi
}
