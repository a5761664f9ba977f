package org.merganser.pipeline.step;

import com.github.luben.zstd.util.ZstdVersion;
import java.security.CodeSource;
import org.merganser.pipeline.output.RunException;

/**
 * The one library with native code that decides bytes: another release of zstd compresses to other
 * bytes, and JNI names cannot be relocated, so an engine's own copy may come first.
 */
public final class NativeCodecs {
  /** A constant of the library, which the compiler copies into this class. */
  private static final String BUILT_WITH = ZstdVersion.VERSION;

  private NativeCodecs() {}

  /**
   * Checks which zstd this JVM has loaded.
   *
   * @throws RunException naming both versions, the jar at fault and the settings that help
   */
  public static void check() {
    String loaded;
    try {
      loaded = String.valueOf(ZstdVersion.class.getField("VERSION").get(null));
    } catch (ReflectiveOperationException | LinkageError e) {
      loaded = "none (" + e + ")";
    }
    check(loaded);
  }

  public static void check(String loaded) {
    if (!loaded.equals(BUILT_WITH)) {
      CodeSource source = ZstdVersion.class.getProtectionDomain().getCodeSource();
      throw new RunException(
          "zstd-jni: this JVM has loaded version "
              + loaded
              + (source == null ? "" : " from " + source.getLocation())
              + " where "
              + BUILT_WITH
              + " is needed, since another version writes other bytes. On Spark, give"
              + " spark.driver.userClassPathFirst=true and spark.executor.userClassPathFirst=true;"
              + " on Flink, classloader.resolve-order: child-first (its default)");
    }
  }
}
