package org.merganser.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.merganser.corpus.CorpusInput;
import org.merganser.corpus.CorpusSettings;
import org.merganser.job.JobException;

/** The rules for a path that a command writes, one by one. */
final class WrittenPathTest {
  private static final WrittenPath.Kind NOTE =
      new WrittenPath.Kind("a note", file -> Files.readString(file).startsWith("note"));

  @TempDir Path folder;
  private Path output;

  @BeforeEach
  void makeAnOutput() throws IOException {
    folder = folder.toRealPath();
    output = folder.resolve("out");
    Files.createDirectories(output.resolve("run/units"));
    Files.writeString(output.resolve("run/merganser.json"), "{}\n");
  }

  private static WrittenPath path(Path path) {
    return new WrittenPath("--to", path.toString());
  }

  private static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(JobException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"new", "manifest.json", "shards/new", "run/units/new", "a/b/c", "x/../y"})
  void refusesAPathInAnOutput(String inside) {
    refused(path(output.resolve(inside))::requireOutsideOfOutputs)
        .hasMessage(
            ("--to %s: lies in %s, the output of a run, which may replace and delete files there;"
                    + " name a path outside of it")
                .formatted(output.resolve(inside), output));
  }

  @Test
  void seesThroughLinksAndParents() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), output);
    refused(path(link.resolve("new"))::requireOutsideOfOutputs)
        .hasMessageContaining("lies in " + output);
    Path other = Files.createDirectories(folder.resolve("other"));
    refused(path(other.resolve("../out/new"))::requireOutsideOfOutputs)
        .hasMessageContaining("lies in");
    Path file = Files.createSymbolicLink(other.resolve("file"), output.resolve("run/lock"));
    Files.createFile(output.resolve("run/lock"));
    refused(path(file)::requireOutsideOfOutputs).hasMessageContaining("lies in " + output);
  }

  @Test
  void takesAPathBesideAnOutputAndTheOutputItself() {
    assertThatCode(path(output)::requireOutsideOfOutputs).doesNotThrowAnyException();
    assertThatCode(path(folder.resolve("out2"))::requireOutsideOfOutputs)
        .doesNotThrowAnyException();
    assertThatCode(path(folder.resolve("new"))::requireOutsideOfOutputs).doesNotThrowAnyException();
    refused(path(output)::requireNoOutput).hasMessageContaining("is the output of a run");
    assertThatCode(path(folder)::requireNoOutput).doesNotThrowAnyException();
  }

  @Test
  void knowsAnOutputWithoutItsFolderRun() throws IOException {
    Path copied = Files.createDirectories(folder.resolve("copied/shards")).getParent();
    Files.writeString(copied.resolve("manifest.json"), "{}");
    assertThatCode(path(copied.resolve("shards/new"))::requireOutsideOfOutputs)
        .as("a manifest of something else")
        .doesNotThrowAnyException();
    Files.writeString(copied.resolve("outputs.jsonl"), "");
    refused(path(copied.resolve("shards/new"))::requireOutsideOfOutputs)
        .hasMessageContaining("lies in " + copied);
  }

  @Test
  void refusesAnInputAndWhatLiesInOneOrAroundOne() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Path file = Files.writeString(input.resolve("a.json"), "{}");
    List<Object> inputs = Arrays.asList(null, file);
    refused(() -> path(file).requireApartFrom(inputs))
        .hasMessage("--to %s: is the input %s; name another path".formatted(file, file));
    refused(() -> path(input).requireApartFrom(inputs))
        .hasMessageContaining("lie one in the other");
    refused(() -> path(file).requireApartFrom(List.of(input)))
        .hasMessageContaining("lie one in the other");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    refused(() -> path(link).requireApartFrom(inputs)).hasMessageContaining("is the input " + file);
    assertThatCode(() -> path(input.resolve("a.jso")).requireApartFrom(inputs))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesWhatTheNextRunWouldReadAsItsCorpus() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in"));
    Files.writeString(input.resolve("a.jsonl"), "{}\n");
    for (String read : List.of("in", "in/a.jsonl", "in/*.jsonl", "**/*.jsonl")) {
      CorpusSettings corpus = corpus(folder + "/" + read);
      refused(() -> path(input.resolve("a.jsonl")).requireApartFrom(corpus))
          .hasMessageContaining("is part of an input");
    }
    CorpusSettings all = corpus(input.toString());
    refused(() -> path(input.resolve("new.txt")).requireApartFrom(all))
        .hasMessageContaining("is part of an input");
    assertThatCode(
            () -> path(input.resolve("new.txt")).requireApartFrom(corpus(input + "/*.jsonl")))
        .doesNotThrowAnyException();
    assertThatCode(() -> path(folder.resolve("new.txt")).requireApartFrom(all))
        .doesNotThrowAnyException();
  }

  private static CorpusSettings corpus(String input) {
    return CorpusSettings.builder(CorpusInput.of(List.of(input))).build();
  }

  @Test
  void replacesAnEmptyFileAndOneOfItsKindAlone() throws IOException {
    Path file = folder.resolve("file");
    assertThatCode(() -> path(file).requireReplaceable(NOTE))
        .as("missing")
        .doesNotThrowAnyException();
    Files.createFile(file);
    assertThatCode(() -> path(file).requireReplaceable(NOTE))
        .as("empty")
        .doesNotThrowAnyException();
    Files.writeString(file, "note 1");
    assertThatCode(() -> path(file).requireReplaceable(NOTE))
        .as("its kind")
        .doesNotThrowAnyException();
    Files.writeString(file, "not 1");
    refused(() -> path(file).requireReplaceable(NOTE))
        .hasMessage(
            ("--to %s: exists and is not a note, and only such a file is replaced; name another, or"
                    + " delete it")
                .formatted(file));
    refused(() -> path(folder).requireReplaceable(NOTE))
        .hasMessageContaining("is a folder; name a file");
    assertThat(file).hasContent("not 1");
  }
}
