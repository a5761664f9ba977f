package org.merganser.pipeline.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Our defaults for the flags of each runner, such as the number of threads of a run in this JVM. A
 * flag that the user gave is never changed.
 */
public final class RunnerDefaults {
  /**
   * Up to this many bytes of text, a second thread of the direct runner costs more than it saves,
   * because idle threads poll for work.
   */
  public static final long ONE_THREAD_BYTES = 4 << 20;

  /** The property of Spark by which executors load classes of our jar before their own. */
  private static final String SPARK_ORDER = "spark.executor.userClassPathFirst";

  private RunnerDefaults() {}

  /**
   * The flags, with a suitable number of threads for a run in this JVM unless the user gave one.
   * There are no more threads than units, since a thread costs memory.
   *
   * @param textBytes an estimate of the text that the run reads
   * @param units the number of units that it reads; 0 if it reads shards
   */
  public static List<String> forText(List<String> flags, long textBytes, int units) {
    GivenFlags given = new GivenFlags(flags);
    if (!given.runHere() || given.has(GivenFlags.PARALLELISM)) {
      return flags;
    }
    int mostThreads = units == 0 ? threads() : Math.min(units, threads());
    int threads = textBytes <= ONE_THREAD_BYTES ? 1 : mostThreads;
    List<String> all = new ArrayList<>(flags);
    all.add(GivenFlags.PARALLELISM + "=" + threads);
    return all;
  }

  /**
   * The number of threads of the direct runner for a text of unknown size: one for each core, since
   * more only cost memory.
   */
  static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * The flags with the defaults of their runner. The direct runner's checks of immutability and
   * encodability cost six times the work itself; the tests have them on.
   */
  static List<String> complete(GivenFlags given, EngineBuild build) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    if (given.runHere()) {
      defaults.put(GivenFlags.PARALLELISM, threads());
      defaults.put("--enforceImmutability", false);
      defaults.put("--enforceEncodability", false);
    } else {
      putEngineDefaults(given, build, defaults);
    }
    List<String> all = new ArrayList<>(given.flags());
    defaults.forEach(
        (name, value) -> {
          if (!given.has(name)) {
            all.add(name + "=" + value);
          }
        });
    return all;
  }

  /** Puts the defaults of an engine. Only our own jar is staged. */
  private static void putEngineDefaults(
      GivenFlags given, EngineBuild build, Map<String, Object> defaults) {
    if (build.engine() != null && build.jar() != null) {
      defaults.put("--filesToStage", build.jar());
    }
    if (isFor(EngineBuild.FLINK, given, build)) {
      putFlinkDefaults(given, defaults);
    }
    if (isFor(EngineBuild.SPARK, given, build)) {
      putSparkDefaults(given, defaults);
    }
  }

  /** Whether the runner is that of an engine, and the build has it. */
  private static boolean isFor(String engine, GivenFlags given, EngineBuild build) {
    return given.runner().endsWith(EngineBuild.runnerOf(engine)) && build.isFor(engine);
  }

  /** Keeps the slots of one TaskManager of a cluster in reserve. */
  private static void putFlinkDefaults(GivenFlags given, Map<String, Object> defaults) {
    String master = given.value("--flinkMaster", "[auto]");
    boolean isCluster = !master.startsWith("["); // not [auto], [local] or [collection]
    if (isCluster && !given.has("--parallelism")) { // else the cluster is not asked
      defaults.put("--parallelism", FlinkCluster.parallelism(master));
    }
  }

  /**
   * Lets our zstd precede Spark's own, by a setting that Spark reads from the JVM's properties. A
   * local master has its executors in this JVM, where it would load our classes twice.
   *
   * <p>At Beam's default storage level, {@code MEMORY_ONLY}, an executor of Spark keeps
   * intermediate results as Java objects that cannot be serialized, so no other executor can fetch
   * them. Spark still counts them as present: when an executor is lost, Spark does not repeat the
   * stages before them, and a task on another executor fails until the run fails. At every other
   * level Beam keeps the encoded elements.
   */
  private static void putSparkDefaults(GivenFlags given, Map<String, Object> defaults) {
    boolean isLocal = given.value("--sparkMaster", "local").startsWith("local");
    if (!isLocal && System.getProperty(SPARK_ORDER) == null) {
      System.setProperty(SPARK_ORDER, "true");
    }
    defaults.put("--storageLevel", "MEMORY_AND_DISK");
  }
}
