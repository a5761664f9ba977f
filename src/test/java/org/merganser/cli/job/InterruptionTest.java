package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.merganser.ChildProcess;
import org.merganser.JavaProcess;

/** Signals to a real process. */
@Tag("run")
final class InterruptionTest {
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
          });
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

  @Test
  void aSignalEndsTheProcessThoughTheLastWordsHaveNoEnd() throws Exception {
    start(true);
    signal("INT");
    assertThat(out.readLine()).isEqualTo("last words");
    assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED.code());
    assertThat(out.readLine()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"HUP, HUNG_UP", "TERM, TERMINATED"})
  void oneSignalLetsTheLastWordsEnd(String signal, ExitCode code) throws Exception {
    start(false);
    signal(signal);
    assertThat(out.readLine()).isEqualTo("last words");
    assertThat(out.readLine()).isEqualTo("clean");
    assertThat(process.waitFor()).isEqualTo(code.code());
  }
}
