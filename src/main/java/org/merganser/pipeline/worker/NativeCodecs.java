package org.merganser.pipeline.worker;

import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.security.CodeSource;
import java.util.List;
import org.merganser.pipeline.output.RunException;
import org.merganser.store.Scratch;

/**
 * Loads native code from the scratch folder, and checks zstd, the only library with native code on
 * which output bytes depend. Another release of zstd compresses to other bytes, and JNI names
 * cannot be relocated, so an engine's own copy may be loaded first.
 */
public final class NativeCodecs {
  /** The version at build time: the compiler copies this constant into the class. */
  private static final String BUILT_WITH = ZstdVersion.VERSION;

  /**
   * The properties with the folders where zstd-jni, and Snappy, which Beam uses, unpack their
   * native code.
   */
  private static final List<String> FOLDER_PROPERTIES =
      List.of("ZstdTempFolder", "org.xerial.snappy.tempdir");

  private NativeCodecs() {}

  /**
   * Checks the version of zstd and loads its native code, once in a JVM.
   *
   * @throws RunException naming both versions of zstd, the wrong jar and the settings that help, or
   *     the folder where its native code cannot be unpacked
   */
  public static void check() {
    requireVersion(loadedVersion());
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
   * Requires the version of zstd at build time.
   *
   * @param loaded the version that the JVM has loaded
   * @throws RunException naming both versions
   */
  public static void requireVersion(String loaded) {
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

  /**
   * Makes libraries unpack their native code into the scratch folder of this process, which the
   * next process deletes if this one is killed.
   */
  public static void unpackInScratch() throws IOException {
    for (String property : FOLDER_PROPERTIES) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, Scratch.processFolder().toString());
      }
    }
  }

  /** The message that the native code of a library cannot be loaded. */
  public static String cannotLoad(String library, Throwable cause) {
    return ("%s: its native code cannot be loaded (%s). The JVM unpacks it into the scratch"
            + " folder %s, which must be writable, with some MB free, and not mounted noexec; name"
            + " another place with TMPDIR=FOLDER or MERGANSER_OPTS=-Dmerganser.scratch=FOLDER")
        .formatted(
            library, cause.getMessage() == null ? cause : cause.getMessage(), Scratch.root());
  }

  /** The version of the loaded class, by reflection: the compiler would copy the constant. */
  private static String loadedVersion() {
    try {
      return String.valueOf(ZstdVersion.class.getField("VERSION").get(null));
    } catch (ReflectiveOperationException | LinkageError e) {
      return "none (" + e + ")";
    }
  }
}
