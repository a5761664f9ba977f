package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.CorpusException;
import org.merganser.json.InvalidValueException;
import org.merganser.pipeline.output.RunException;
import org.merganser.report.statistics.Statistics;
import org.merganser.store.FileStore;

/** The messages of failures that were written for a user. */
final class FailuresTest {
  private static String said(Throwable failure) {
    StringWriter err = new StringWriter();
    Failures.report(failure, new PrintWriter(err, true));
    return err.toString();
  }

  @Test
  void classesThatDoNotFitTogetherAreNoLibraryThatCannotBeLoaded() {
    assertThat(said(new NoSuchMethodError("void Row.clear()")))
        .contains("please report this", "void Row.clear()")
        .doesNotContain("native code");
    NoClassDefFoundError missing = new NoClassDefFoundError("org/apache/flink/Job");
    missing.initCause(new ClassNotFoundException("org.apache.flink.Job"));
    assertThat(said(missing))
        .contains("please report this", "NoClassDefFoundError: org/apache/flink/Job")
        .doesNotContain("native code");
    assertThat(said(new UnsatisfiedLinkError("zstd"))).contains("native code");
  }

  private static final class Broken {
    static final int VALUE = Integer.parseInt("what no reader wants");
  }

  private static final class WithoutLibrary {
    static {
      System.loadLibrary("merganser-missing");
    }

    static final int VALUE = Integer.parseInt("1");
  }

  @Test
  void onlyALibraryThatCannotBeLoadedIsNativeCode() {
    for (int use = 0; use < 2; use++) {
      Throwable broken = catchThrowable(() -> assertThat(Broken.VALUE).isZero());
      assertThat(broken).isInstanceOf(LinkageError.class);
      assertThat(said(broken))
          .contains("please report this", "Caused by: ", "what no reader wants")
          .doesNotContain("native code");
      assertThat(Failures.message(broken)).contains("caused by", "what no reader wants");
      Throwable missing = catchThrowable(() -> assertThat(WithoutLibrary.VALUE).isZero());
      assertThat(missing).isInstanceOf(LinkageError.class);
      assertThat(said(missing))
          .contains("native code cannot be loaded", "no merganser-missing in")
          .doesNotContain("null", "please report this");
    }
    assertThat(said(new ExceptionInInitializerError("Cannot unpack libzstd-jni: Permission")))
        .contains("native code");
    assertThat(said(new ExceptionInInitializerError(RunException.wrong("a key is wrong"))))
        .isEqualTo("merganser: a key is wrong\n");
  }

  /** A public exception says what the user should do; its stack trace would hide that. */
  @Test
  void noPublicExceptionIsToldAsADefect() throws Exception {
    int tried = 0;
    for (Class<?> type : exceptions()) {
      Throwable failure = Modifier.isPublic(type.getModifiers()) ? made(type) : null;
      if (failure != null) {
        tried++;
        assertThat(said(new IllegalStateException(failure)))
            .as(type.getName())
            .startsWith("merganser: ")
            .doesNotContain("please report this");
      }
    }
    assertThat(tried).isGreaterThan(8);
  }

  /** The exceptions of this project, which are all named so ({@code ArchitectureTest}). */
  private static List<Class<?>> exceptions() throws Exception {
    Path classes =
        Path.of(Failures.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith("Exception.class")).toList()) {
        String path = classes.relativize(file).toString();
        types.add(
            Class.forName(
                path.substring(0, path.length() - ".class".length())
                    .replace(File.separatorChar, '.')));
      }
    }
    return types;
  }

  /** By a constructor that takes texts and lists of them; null where there is none. */
  private static Throwable made(Class<?> type) throws ReflectiveOperationException {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      Class<?>[] kinds = constructor.getParameterTypes();
      if (Arrays.stream(kinds).allMatch(kind -> kind == String.class || kind == List.class)) {
        constructor.setAccessible(true);
        return (Throwable)
            constructor.newInstance(
                Arrays.stream(kinds)
                    .map(kind -> kind == String.class ? "what failed" : List.of("what failed"))
                    .toArray());
      }
    }
    return null;
  }

  @Test
  void statisticsOfAnotherVersionSayWhatHelps() {
    Throwable failure = null;
    try {
      Statistics.read("{\"schema\": 1}".getBytes(), "out/statistics.json");
    } catch (RuntimeException e) {
      failure = e;
    }
    assertThat(said(failure))
        .startsWith("merganser: out/statistics.json has schema 1")
        .hasLineCount(1);
  }

  /** Another try may help after 1, and never after 2. */
  @Test
  void aFileThatIsUnreadableNowIsTriedAgainAndOneThatIsMissingIsNot() {
    Throwable missing = new CorpusException("input x", new NoSuchFileException("x"));
    Throwable denied = new CorpusException("input x", new AccessDeniedException("x"));
    assertThat(FailureCode.of(missing).code()).isEqualTo(ExitCode.WRONG_USAGE.code());
    assertThat(FailureCode.of(denied).code()).isEqualTo(ExitCode.FAILED.code());
    assertThatThrownBy(() -> FileStore.of("/dev/null").stat("/dev/null"))
        .isInstanceOf(IOException.class)
        .satisfies(
            device ->
                assertThat(FailureCode.of(new CorpusException("input x", device)).code())
                    .isEqualTo(2));
    assertThat(FailureCode.of(new IllegalStateException(missing)).code())
        .isEqualTo(ExitCode.WRONG_USAGE.code());
    assertThat(FailureCode.of(RunException.wrong("x")).code()).isEqualTo(2);
    assertThat(FailureCode.of(RunException.changed("x")).code()).isEqualTo(8);
    assertThat(FailureCode.of(RunException.of("x")).code()).isEqualTo(1);
    assertThat(FailureCode.of(new IOException("Stale file handle")).code()).isEqualTo(1);
    assertThat(FailureCode.of(new IllegalStateException("a defect")).code()).isEqualTo(1);
  }

  @Test
  void aMissingFileIsAMistakeOfACommandThatOnlyReadsIt() {
    PrintWriter err = new PrintWriter(new StringWriter());
    Throwable missing = new NoSuchFileException("x.json");
    assertThat(Failures.reportOfArguments(missing, err)).isEqualTo(2);
    assertThat(Failures.report(missing, err)).isEqualTo(1);
    assertThat(Failures.reportOfArguments(new IOException("a disk"), err)).isEqualTo(1);
  }

  @Test
  void anythingElseIsADefectWithItsStackTrace() {
    assertThat(said(new IllegalStateException("what nobody expected")))
        .contains("please report this", "what nobody expected", "at " + getClass().getName());
    assertThat(said(InvalidValueException.mustBe("a number"))).contains("please report this");
    assertThat(said(new IOException("a disk"))).isEqualTo("merganser: a disk\n");
  }
}
