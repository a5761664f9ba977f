package org.merganser.pipeline.worker;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.security.CodeSource;
import java.util.List;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.Scratch;

/**
 * Checks the only library with native code on which output bytes depend. Another release of zstd
 * compresses to other bytes, and JNI names cannot be relocated, so an engine's own copy may be
 * loaded first.
 */
public final class NativeCodecs {
  /** The version at build time: the compiler copies this constant into the class. */
  private static final String BUILT_WITH = ZstdVersion.VERSION;

  /** Name the folders where zstd-jni, and Snappy, which Beam uses, unpack their native code. */
  private static final List<String> FOLDERS =
      List.of("ZstdTempFolder", "org.xerial.snappy.tempdir");

  private NativeCodecs() {}

  /**
   * Loads zstd, once in a JVM.
   *
   * @throws RunException naming both versions of zstd, the wrong jar and the settings that help, or
   *     the folder where its native code cannot be unpacked
   */
  public static void check() {
    String loaded;
    try {
      loaded = String.valueOf(ZstdVersion.class.getField("VERSION").get(null));
    } catch (ReflectiveOperationException | LinkageError e) {
      loaded = "none (" + e + ")";
    }
    check(loaded);
    try {
      unpackInScratch();
      Native.load();
    } catch (IOException e) {
      throw new RunException(String.valueOf(e.getMessage()), e);
    } catch (LinkageError | RuntimeException e) {
      throw new RunException(cannotLoad("zstd-jni", e), e);
    }
  }

  /**
   * Makes libraries unpack their native code into the scratch folder of this process, which the
   * next process deletes if this one is killed.
   */
  public static void unpackInScratch() throws IOException {
    for (String folder : FOLDERS) {
      if (System.getProperty(folder) == null) {
        System.setProperty(folder, Scratch.processFolder().toString());
      }
    }
  }

  public static String cannotLoad(String library, Throwable cause) {
    return ("%s: its native code cannot be loaded (%s). The JVM unpacks it into the scratch"
            + " folder %s, which must be writable, with some MB free, and not mounted noexec; name"
            + " another place with TMPDIR=FOLDER or MERGANSER_OPTS=-Dmerganser.scratch=FOLDER")
        .formatted(
            library, cause.getMessage() == null ? cause : cause.getMessage(), Scratch.root());
  }

  public static void check(String loaded) {
    if (!loaded.equals(BUILT_WITH)) {
      CodeSource source = ZstdVersion.class.getProtectionDomain().getCodeSource();
      throw RunException.wrong(
          "zstd-jni: this JVM has loaded version %s%s, but %s is needed, since another version"
              + " writes other bytes. On Spark, give spark.driver.userClassPathFirst=true and"
              + " spark.executor.userClassPathFirst=true; on Flink, classloader.resolve-order:"
              + " child-first (its default)",
          loaded, source == null ? "" : " from " + source.getLocation(), BUILT_WITH);
    }
  }
}
