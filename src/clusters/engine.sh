# Sourced by the launcher in a checkout, with $engine: builds merganser for the engine where that isn't built
# or is older than its sources, and starts it beside the engine's own class path.
jar=$home/target/$engine/merganser-$engine.jar
if newer "$jar" "$home/src/main" "$home/pom.xml" "$home/src/clusters/pom.xml" "$home/src/clusters/$engine/pom.xml"; then
  # A jar that was built with further file systems keeps them.
  profiles=
  ! grep -aqs org/apache/beam/sdk/io/aws2/ "$jar" || profiles=-Ps3
  ! grep -aqs org/apache/beam/sdk/extensions/gcp/storage/ "$jar" || profiles="$profiles -Pgcs"
  build "for $engine (mvn -f src/clusters -pl $engine -am${profiles:+ $profiles} package, two minutes or so the first time)" \
    -f src/clusters -pl "$engine" -am $profiles -Dmaven.test.skip=true package
  touch "$jar"
fi

classpath=$jar
if [ "$engine" != dataflow ]; then
  "$home/src/clusters/$engine.sh" jars
  classpath=$jar:$home/target/clusters/$engine/lib/*
fi
if [ "$engine" = spark ]; then
  options="$options -Dspark.ui.showConsoleProgress=false $("$home/src/clusters/spark.sh" opens)"
  case " $* " in
    *" --sparkMaster"[=\ ]spark://127.0.0.1:* | *" --sparkMaster"[=\ ]spark://localhost:*)
      # A cluster on this machine: its workers must find the driver there too.
      export SPARK_LOCAL_IP=127.0.0.1
      options="$options -Dspark.driver.host=127.0.0.1 -Dspark.driver.bindAddress=127.0.0.1"
      ;;
  esac
fi
exec java $heap "@$flags" $options -Dlog4j.configurationFile="file:$home/src/clusters/log4j.properties" \
  ${MERGANSER_OPTS:-} -cp "$classpath" org.merganser.cli.Main "$@"
