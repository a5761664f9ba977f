package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;

/** Signals to a real process. */
final class InterruptionTest {
  /** Longer than the test may take. */
  private static final long FOR_EVER = TimeUnit.DAYS.toMillis(1);

  private @Nullable Process process;
  private BufferedReader out;

  /** A run whose last words have no end, or one. */
  static final class Run {
    private Run() {}

    public static void main(String[] args) throws InterruptedException {
      boolean hangs = Boolean.parseBoolean(args[0]);
      new Interruption(
          () -> {
            System.out.println("last words");
            if (hangs) {
              waitForEver();
            }
            System.out.println("clean");
          },
          FOR_EVER);
      System.out.println("running");
      new CountDownLatch(1).await();
    }

    private static void waitForEver() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void start(boolean hangs) throws IOException, InterruptedException {
    process =
        ChildProcess.start(
            new ProcessBuilder(
                    ChildProcess.heedingSignals(
                        JavaProcess.command(
                            List.of(), Run.class.getName(), List.of(String.valueOf(hangs)))))
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    assertThat(out.readLine()).isEqualTo("running");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit =
        ChildProcess.start(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())))
            .waitFor();
    assertThat(exit).isZero();
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, TERM, 143", "INT, INT, 130", "TERM, INT, 130", "INT, TERM, 143"})
  void aSecondSignalEndsTheProcessWhateverHangs(String first, String second, int exitCode)
      throws Exception {
    start(true);
    signal(first);
    assertThat(out.readLine()).isEqualTo("last words");
    signal(second);
    assertThat(process.waitFor()).isEqualTo(exitCode);
    assertThat(out.readLine()).isNull();
  }

  @Test
  void oneSignalLetsTheLastWordsEnd() throws Exception {
    start(false);
    signal("TERM");
    assertThat(out.readLine()).isEqualTo("last words");
    assertThat(out.readLine()).isEqualTo("clean");
    assertThat(process.waitFor()).isEqualTo(143);
  }
}
