#!/usr/bin/env bash
# A Spark standalone cluster on this machine, from Maven artifacts: one master, two workers, on the
# loopback interface and free ports.
#
#   src/clusters/spark.sh start [WORKERS]   prints the address for --sparkMaster
#   src/clusters/spark.sh add               one more worker
#   src/clusters/spark.sh status | stop
#   src/clusters/spark.sh submit …          spark-submit with this cluster's jars
#
# WORKER_MEMORY (2g) and WORKER_CORES (1) may be set.
engine=spark
. "$(dirname "$0")/common.sh"

export SPARK_HOME=$state SPARK_SCALA_VERSION=2.12 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$state/tmp
# What Spark's own scripts add for JDK 17.
opens="-XX:+IgnoreUnrecognizedVMOptions --add-opens=java.base/java.lang=ALL-UNNAMED
  --add-opens=java.base/java.lang.invoke=ALL-UNNAMED --add-opens=java.base/java.lang.reflect=ALL-UNNAMED
  --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/java.net=ALL-UNNAMED
  --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
  --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/sun.nio.cs=ALL-UNNAMED
  --add-opens=java.base/sun.security.action=ALL-UNNAMED --add-opens=java.base/sun.util.calendar=ALL-UNNAMED
  -Djdk.reflect.useDirectMethodHandle=false"

spark_java() {
  local name=$1
  shift
  # shellcheck disable=SC2086
  launch "$name" "$java" -Xmx512m $opens -Dmerganser.log=info -Djava.io.tmpdir="$state/tmp" \
    -Dspark.worker.timeout=20 -cp "$state/conf:$state/jars/*" "$@"
}

start_worker() {
  local number=1
  while [ -f "$state/worker-$number.pid" ]; do number=$((number + 1)); done
  spark_java "worker-$number" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 \
    --webui-port 0 --cores "${WORKER_CORES:-1}" --memory "${WORKER_MEMORY:-2g}" \
    --work-dir "$state/work-$number" "spark://$address"
}

registered() {
  [ "$(grep -c 'Registering worker' "$state/master.log")" -ge "$1" ]
}

case ${1:-} in
  start)
    install_jars
    require_stopped
    rm -rf "$state"/*.pid "$state"/*.log "$state/tmp" "$state"/work-*
    mkdir -p "$state/conf" "$state/tmp"
    ln -sfn lib "$state/jars"
    cp "$home/src/clusters/log4j.properties" "$state/conf/log4j2.properties"
    # The kernel chooses the ports, so that nobody else can have taken them; the log says which.
    spark_java master org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 0 --webui-port 0
    await 180 "the master" logged master 'Starting Spark master at spark://(127\.0\.0\.1:[0-9]+)' >/dev/null
    address=$(logged master 'Starting Spark master at spark://(127\.0\.0\.1:[0-9]+)')
    for _ in $(seq "${2:-2}"); do start_worker; done
    echo "spark://$address" >"$state/address"
    await 180 "the cluster" registered "${2:-2}"
    cat "$state/address"
    ;;
  add)
    alive "$state/master.pid" || fail "is not running; $0 start starts it"
    address=$(sed 's#spark://##' "$state/address")
    start_worker
    ;;
  submit)
    install_jars
    shift
    # shellcheck disable=SC2086
    exec "$java" -Xmx1g $opens -cp "$state/conf:$state/jars/*" org.apache.spark.deploy.SparkSubmit "$@"
    ;;
  jars) install_jars ;;
  opens) echo $opens ;;
  status) show_status ;;
  stop) stop_all ;;
  *) sed -n '2,/^engine=/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
