package org.merganser.corpus.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.merganser.corpus.read.Reading.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.ChildProcess;
import org.merganser.SharedData;
import org.merganser.corpus.Compression;
import org.merganser.corpus.CorpusException;
import org.merganser.corpus.CorpusSettings;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFormat;
import org.merganser.corpus.RangeReceipt;
import org.merganser.corpus.WorkUnit;
import org.merganser.corpus.plan.CorpusPlanner;

/**
 * Every case of the shared damaged and odd inputs, and what becomes of it: messy.tsv has a line for
 * each, with documents, blank records, dead letters by reason and bytes of text. What was found
 * instead is written to target/messy-actual.tsv.
 */
@Tag("conformance")
class MessyConformanceTest {
  private static final List<String> READABLE =
      List.of("enc", "invalid", "ws", "long", "uni", "gz", "zst", "other", "jsonl", "names", "dup");

  @TempDir static Path cases;

  @BeforeAll
  static void generate() throws Exception {
    Path script = SharedData.dir().resolve("messy/gen_messy.py");
    Process python =
        ChildProcess.start(
            new ProcessBuilder("python3", script.toString(), cases.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    assertThat(python.waitFor()).isZero();
  }

  @Test
  void readsEveryCaseAsTheTableSays() throws IOException {
    List<String> actual = new ArrayList<>();
    for (String folder : READABLE) {
      CorpusSettings settings = settings(InputFormat.AUTO, cases.resolve(folder));
      for (InputFile file : CorpusPlanner.list(settings)) {
        FileRange range = new FileRange(file, 0, file.size());
        Reading reading = Reading.of(settings, null, List.of(new WorkUnit(0, List.of(range))));
        actual.add(line(folder, file, reading));
      }
    }
    Files.createDirectories(Path.of("target"));
    Files.write(Path.of("target/messy-actual.tsv"), actual);
    List<String> expected;
    try (InputStream in = MessyConformanceTest.class.getResourceAsStream("messy.tsv")) {
      assertThat(in).as("messy.tsv beside this class").isNotNull();
      expected =
          new String(in.readAllBytes(), UTF_8).lines().filter(l -> !l.startsWith("#")).toList();
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static String line(String folder, InputFile file, Reading reading) {
    RangeReceipt receipt = reading.receipts.get(0);
    String letters =
        reading.letters.stream()
            .collect(
                Collectors.groupingBy(l -> l.reason().label(), TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
    String name = file.path().replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    return String.join(
        "\t",
        folder + "/" + name,
        file.format() + (file.compression() == Compression.NONE ? "" : "," + file.compression()),
        String.valueOf(receipt.documents()),
        String.valueOf(receipt.blank()),
        letters.isEmpty() ? "-" : letters,
        String.valueOf(receipt.textBytes()));
  }

  @Test
  void refusesLinksDevicesAndWhatMayNotBeRead() throws IOException {
    Path links = cases.resolve("links");
    for (String name : List.of("dangling.txt", "loop_a", "self", "dev_null.txt", "fifo", "dir")) {
      assertThatThrownBy(() -> CorpusPlanner.list(settings(InputFormat.AUTO, links.resolve(name))))
          .as(name)
          .isInstanceOf(CorpusException.class)
          .hasMessageContaining(name.equals("dir") ? "up_loop" : name);
    }
    assertThat(
            Reading.of(settings(InputFormat.AUTO, links + "/{real,to_file,hardlink}.txt")).texts())
        .containsExactly("real\n", "real\n", "real\n");
    Path perm = cases.resolve("perm");
    assertThat(Reading.of(settings(InputFormat.AUTO, perm.resolve("readonly.txt"))).texts())
        .containsExactly("ro\n");
    assertThatThrownBy(
            () -> CorpusPlanner.list(settings(InputFormat.AUTO, perm.resolve("empty_dir"))))
        .hasMessageContaining("is an empty folder");
    if (!Files.isReadable(perm.resolve("unreadable.txt"))) {
      for (String name : List.of("unreadable.txt", "unreadable_dir")) {
        assertThatThrownBy(() -> CorpusPlanner.list(settings(InputFormat.AUTO, perm.resolve(name))))
            .isInstanceOf(CorpusException.class)
            .hasMessageContaining(name + " may not be read");
      }
    }
  }
}
