package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.Compression;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;
import org.merganser.store.FileStore;

final class FormatSampleTest {
  private static final FormatDetector.Wanted WANTED =
      new FormatDetector.Wanted(InputFormat.AUTO, false, null, false, false);

  private final List<String> opened = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  private static FileStore.Entry entry(String name) {
    return new FileStore.Entry(name, 1, 0, 0);
  }

  /** The formats of files by the sample; the one that begins with 0 cannot be opened. */
  private Map<String, InputFormat> formats(FormatSample sample, List<FileStore.Entry> found)
      throws IOException {
    Map<String, InputFormat> formats = new HashMap<>();
    sample.forEach(
        found,
        1,
        WANTED,
        FileStore.Entry::location,
        entry -> {
          String name = entry.location();
          opened.add(name);
          if (name.startsWith("0")) {
            throw new IOException(name);
          }
          InputFormat format = name.endsWith(".rows") ? InputFormat.JSONL : InputFormat.TEXT;
          return InputFiles.of(name, name, 1, 0, format, Compression.NONE);
        },
        (entry, detected) -> {
          try {
            InputFile file = detected.get();
            formats.put(file.path(), file.format());
          } catch (IOException e) {
            failed.add(e.getMessage());
          }
        });
    return formats;
  }

  /** The failed file was the first of its ending, so that another ending took its place. */
  @Test
  void aFileIsLikeOneOfItsEndingAfterAFailureAndBeyondTheEndingsThatCount() throws IOException {
    List<FileStore.Entry> found = new ArrayList<>();
    found.add(entry("0.rows"));
    IntStream.range(10, 60).forEach(i -> found.add(entry(i + ".x" + i)));
    for (int i = 1000; i < 4000; i++) {
      found.add(entry(i + (i % 100 == 50 ? ".z" + i : ".rows")));
    }
    Map<String, InputFormat> formats = formats(new FormatSample(), found);
    assertThat(failed).containsExactly("0.rows");
    formats.forEach(
        (name, format) ->
            assertThat(format)
                .as(name)
                .isEqualTo(name.endsWith(".rows") ? InputFormat.JSONL : InputFormat.TEXT));
    assertThat(formats).hasSize(found.size() - 1);
    assertThat(opened.size()).isLessThan(500);
  }

  @Test
  void aSecondListingOpensNoneAgain() throws IOException {
    List<FileStore.Entry> found =
        IntStream.range(1000, 4000).mapToObj(i -> entry(i + ".rows")).toList();
    FormatSample sample = new FormatSample();
    formats(sample, found);
    assertThat(opened).hasSize(200);
    formats(sample, found);
    assertThat(opened).hasSize(200);
    assertThat(sample.isComplete()).isFalse();
  }
}
