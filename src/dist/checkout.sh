# Sourced by the launcher, merganser, in a checkout: builds what is missing or older than its sources,
# and starts what a release has not, the bench and the builds for engines.
jar=$home/target/merganser.jar
log=$home/target/build.log

# build WHAT MVN-ARGUMENTS…: without the compiler's checks, which take most of the time. Maven then forgets
# what it has compiled, so that the next mvn compiles everything again, with the checks.
build() {
  command -v mvn >/dev/null || { echo "merganser: Maven (mvn) is needed to build; please install it" >&2; exit 1; }
  echo "merganser: building $1 …" >&2
  shift
  mkdir -p "$home/target"
  failed=
  (cd "$home" && mvn -B -q -Dcompiler.checks=-Xlint:all "$@") >"$log" 2>&1 || failed=yes
  rm -rf "$home/target/maven-status"
  if [ -n "$failed" ]; then
    cat "$log" >&2
    echo "merganser: the build failed; the log above is in $log" >&2
    exit 1
  fi
}

# newer FILE FOLDER…: whether FILE is missing, or something in the folders is newer.
newer() {
  file=$1
  shift
  [ ! -f "$file" ] || [ -n "$(find "$@" -newer "$file" -print 2>/dev/null | head -n 1)" ]
}

# The jar and its archive of classes. A jar that Maven alone has built, as mvn verify does, has no archive
# yet; what is in the folder is then of the jar before, or of a checkout that was copied.
package() {
  if [ ! -d "$home/target/lib" ] || newer "$jar" "$home/src/main" "$home/pom.xml"; then
    build "(mvn package, a minute or so the first time)" -Dmaven.test.skip=true package
    touch "$jar" # Maven leaves one alone that would be the same, however new the sources are.
  fi
  find_archive "$home/target/jsa"
  if [ -z "$archive" ] && [ -z "$brief" ] && mkdir -p "$home/target/jsa"; then
    # What is older than the jar is of the jar before.
    find "$home/target/jsa" -name '*.jsa*' ! -newer "$jar" -prune -exec rm -rf {} + 2>/dev/null || true
    make_archive "$log"
  fi
}

# The bench lives beside the tests, so that its peers are no libraries of merganser's.
if [ "${1:-}" = bench ]; then
  shift
  classpath=$home/target/bench.classpath
  if newer "$classpath" "$home/src" "$home/pom.xml"; then
    rm -f "$classpath"
    build "the bench (mvn test-compile, a minute or so the first time)" test-compile \
      dependency:build-classpath -Dmdep.outputFile="$classpath" -Dmdep.includeScope=test
  fi
  case ${1:-} in
    engines | growth | guard | megatron | train) package ;;
  esac
  # DJL's variables keep HF's library from asking the network for anything.
  exec env DJL_OFFLINE=true OPT_OUT_TRACKING=true java -Xmx3g -XX:+UseParallelGC \
    -Dfile.encoding=UTF-8 -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
    ${MERGANSER_OPTS:-} -cp "$home/target/test-classes:$home/target/classes:$(cat "$classpath")" \
    org.merganser.bench.BenchCommand "$@"
fi

# A runner of a distributed engine has a build of its own.
engine=
before=
for argument; do
  case $before$argument in
    --runner=*FlinkRunner) engine=flink ;;
    --runner=*SparkRunner) engine=spark ;;
    --runner=*DataflowRunner) engine=dataflow ;;
  esac
  before=
  [ "$argument" != --runner ] || before=--runner=
done
[ -z "$engine" ] || . "$home/src/clusters/engine.sh"
package
