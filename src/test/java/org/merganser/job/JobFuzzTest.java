package org.merganser.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;

/** A damaged or hostile job file is refused with a JobException, or it is a job. */
class JobFuzzTest {
  @TempDir Path folder;

  @MethodSource("seeds")
  @FuzzTest
  void refusesOrTakesAnyJob(byte[] yaml) throws IOException {
    Path file = Files.write(folder.resolve("job.yaml"), yaml);
    try {
      JobReader.read(file, List.of());
    } catch (JobException documented) {
      Fuzz.requireNames(documented, file.toString());
    }
  }

  static byte[][] seeds() throws IOException {
    return new byte[][] {
      Files.readAllBytes(Path.of("pipelines/sample.yaml")),
      Files.readAllBytes(Path.of("pipelines/shared-corpus.yaml")),
      "corpus: &c {inputs: [a], format: lines}\nextra: *c\noutput: !!str o\n".getBytes()
    };
  }

  @Test
  @Tag("random")
  void refusesOrTakesADamagedJob() throws IOException {
    Fuzz.run(Fuzz.millis(), this::refusesOrTakesAnyJob, seeds());
  }

  private void requireRefused(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("hostile.yaml"), yaml);
    assertThatThrownBy(() -> JobReader.read(file, List.of())).isInstanceOf(JobException.class);
  }

  @Test
  void aliasesThatUnfoldToBillionsAreRefused() throws IOException {
    StringBuilder bomb =
        new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 12; i++) {
      String before = "*a" + (i - 1);
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append((before + ", ").repeat(8)).append(before).append("]\n");
    }
    requireRefused(bomb + "output: *a11\n");
  }

  @Test
  void nestingWithoutEndIsRefused() throws IOException {
    requireRefused("output: " + "[".repeat(100_000));
    requireRefused("output: " + "{a: ".repeat(100_000));
    StringBuilder blocks = new StringBuilder();
    for (int i = 0; i < 2_000; i++) {
      blocks.append(" ".repeat(i)).append("a:\n");
    }
    requireRefused(blocks.toString());
    requireRefused("- ".repeat(50_000));
  }

  @Test
  void tagsOfJavaTypesMakeNoObjects() throws IOException {
    requireRefused("output: !!javax.script.ScriptEngineManager [!!java.net.URL ['http://x/']]\n");
    requireRefused("!!java.io.File [/tmp/x]\n");
    requireRefused("corpus: !<tag:yaml.org,2002:java.util.ArrayList> []\noutput: o\n");
  }

  @Test
  void whatIsNoTextAtAllIsRefused() throws IOException {
    requireRefused("\u0000\u0001");
    Path file =
        Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});
    assertThatThrownBy(() -> JobReader.read(file, List.of())).isInstanceOf(JobException.class);
  }
}
