#!/usr/bin/env bash
# A Flink session cluster on this machine, from Maven artifacts: one JobManager, two TaskManagers,
# on the loopback interface and free ports.
#
#   src/clusters/flink.sh start [TASKMANAGERS]   prints the address for --flinkMaster
#   src/clusters/flink.sh add                    one more TaskManager
#   src/clusters/flink.sh status | stop
#   src/clusters/flink.sh submit …               flink run … with this cluster's jars
#
# TASKMANAGER_MEMORY (1536m), SLOTS (2 a TaskManager) and JOBMANAGER_MEMORY (1g) may be set.
engine=flink
. "$(dirname "$0")/common.sh"

# The kernel chooses the ports, so that nobody else can have taken them; the JobManager's log says which.
configure() {
  mkdir -p "$state/conf" "$state/tmp"
  cat >"$state/conf/flink-conf.yaml" <<CONF
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: 0
jobmanager.bind-host: 127.0.0.1
jobmanager.memory.process.size: ${JOBMANAGER_MEMORY:-1g}
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.bind-port: 0
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.memory.process.size: ${TASKMANAGER_MEMORY:-1536m}
# Merganser works on the heap; of Flink's own memory it needs little.
taskmanager.memory.managed.size: 64m
taskmanager.memory.network.min: 96m
taskmanager.memory.network.max: 96m
# Several exchanges are open at once in a slot: 64 buffers of 32 KiB for each instead of 512.
taskmanager.network.sort-shuffle.min-buffers: 64
cluster.evenly-spread-out-slots: true
taskmanager.memory.jvm-overhead.max: 160m
taskmanager.memory.jvm-overhead.min: 160m
taskmanager.numberOfTaskSlots: ${SLOTS:-2}
# A lost TaskManager restarts what ran on it, where other slots are free. Until it is noticed, within two
# heartbeats or so, attempts to go on fail: so there must be several, and some time between them.
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 10
restart-strategy.fixed-delay.delay: 2 s
heartbeat.interval: 1000
heartbeat.timeout: 10000
io.tmp.dirs: $state/tmp
CONF
}

start_jobmanager() {
  local rpc rest
  flink_java jobmanager -Xmx640m org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$state/conf" --executionMode cluster
  await 180 "the JobManager" logged jobmanager 'Rest endpoint listening at 127\.0\.0\.1:([0-9]+)' >/dev/null
  rest=$(logged jobmanager 'Rest endpoint listening at 127\.0\.0\.1:([0-9]+)')
  rpc=$(logged jobmanager 'Actor system started at pekko\.tcp://flink@127\.0\.0\.1:([0-9]+)')
  sed -i -e "s/^jobmanager.rpc.port: .*/jobmanager.rpc.port: $rpc/" \
    -e "s/^rest.bind-port: .*/rest.port: $rest/" "$state/conf/flink-conf.yaml"
  echo "127.0.0.1:$rest" >"$state/address"
}

flink_java() {
  local name=$1 memory=$2
  shift 2
  # shellcheck disable=SC2086
  FLINK_CONF_DIR="$state/conf" launch "$name" "$java" $memory -XX:+UseParallelGC \
    -Dmerganser.log=info -Dlog4j.configurationFile="file:$home/src/clusters/log4j.properties" \
    -Djava.io.tmpdir="$state/tmp" -cp "$state/lib/*" "$@"
}

# What Flink's own taskmanager.sh asks: the JVM's memory and the settings that follow from it.
taskmanager_parameters() {
  "$java" -cp "$state/lib/*" -Dmerganser.log=info -Dlog4j.configurationFile="file:$home/src/clusters/log4j.properties" \
    org.apache.flink.runtime.util.bash.BashJavaUtils GET_TM_RESOURCE_PARAMS --configDir "$state/conf" 2>&1 |
    sed -n 's/^.*BASH_JAVA_UTILS_EXEC_RESULT://p' >"$state/taskmanager.parameters"
  [ -s "$state/taskmanager.parameters" ] ||
    fail "the memory of a TaskManager could not be computed from $state/conf/flink-conf.yaml"
}

start_taskmanager() {
  local number=1
  while [ -f "$state/taskmanager-$number.pid" ]; do number=$((number + 1)); done
  # shellcheck disable=SC2046
  flink_java "taskmanager-$number" "$(sed -n 1p "$state/taskmanager.parameters")" \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$state/conf" \
    -D "taskmanager.resource-id=taskmanager-$number" $(sed -n 2p "$state/taskmanager.parameters")
}

registered() {
  local overview
  exec 3<>"/dev/tcp/127.0.0.1/${address##*:}" || return 1
  printf 'GET /v1/overview HTTP/1.0\r\n\r\n' >&3
  overview=$(cat <&3)
  exec 3>&-
  [ "$(echo "$overview" | sed -n 's/.*"taskmanagers":\([0-9]*\).*/\1/p')" -ge "$1" ]
}

case ${1:-} in
  start)
    install_jars
    require_stopped
    rm -rf "$state"/*.pid "$state"/*.log "$state/tmp"
    configure
    taskmanager_parameters
    start_jobmanager
    for _ in $(seq "${2:-2}"); do start_taskmanager; done
    address=$(cat "$state/address")
    await 180 "the cluster" registered "${2:-2}"
    echo "$address"
    ;;
  add)
    alive "$state/jobmanager.pid" || fail "is not running; $0 start starts it"
    start_taskmanager
    ;;
  submit)
    install_jars
    shift
    FLINK_CONF_DIR="$state/conf" exec "$java" -Xmx1g -cp "$state/lib/*" \
      -Dmerganser.log=info -Dlog4j.configurationFile="file:$home/src/clusters/log4j.properties" \
      org.apache.flink.client.cli.CliFrontend run "$@"
    ;;
  jars) install_jars ;;
  status) show_status ;;
  stop) stop_all ;;
  *) sed -n '2,/^engine=/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
