package org.merganser.output;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import org.merganser.Fuzz;
import org.merganser.store.ChecksummedFile;

/**
 * A damaged journal of a commit is no journal, or all of its places are below the output folder. It
 * is not carried out here: one that was taken wrongly could delete files of this machine.
 */
class CommitFuzzTest {
  @TempDir Path folder;

  static byte[][] seeds() {
    String move =
        "{\"path\":\"%s\",\"from\":\".merganser-staged/f/%s\",\"size\":1,\"modified\":2,\"sha256\":\""
            + "ab".repeat(32)
            + "\"}";
    String journal =
        ("{\"schema\":1,\"replaces\":null,\"manifest\":\"ab\",\"moves\":["
            + move.formatted("shards/parquet/a", "a")
            + ","
            + move.formatted("manifest.json", "manifest.json")
            + "],\"deletes\":[\"shards/parquet/b\",\"report.html\"],"
            + "\"stages\":[\".merganser-staged\"]}");
    return Stream.of(
            journal,
            journal.replace("shards/parquet/b", "../b"),
            journal.replace("report.html", "/report.html"),
            journal.replace("\"report.html\"", "null"),
            journal.replace("\"path\":\"manifest.json\",", ""),
            journal.replace(".merganser-staged/f/a", "shards/../../a"),
            journal.replace("[\".merganser-staged\"]", "[\"\"]"))
        .map(text -> text.getBytes(UTF_8))
        .toArray(byte[][]::new);
  }

  /** Anyone can write the sum of a journal, so it is right here. */
  @MethodSource("seeds")
  @FuzzTest
  void namesNoPlaceOutsideOfTheOutput(byte[] damaged) throws IOException {
    Files.createDirectories(folder.resolve("run"));
    Files.write(folder.resolve(OutputFile.JOURNAL.path()), ChecksummedFile.withSum(damaged));
    Commit.State state = Commit.state(folder.toString());
    CommitJournal journal = CommitJournal.read(folder.toString());
    assertThat(journal == null).isEqualTo(state == Commit.State.DAMAGED);
    if (journal != null) {
      Stream<String> moved =
          journal.moves().stream().flatMap(move -> Stream.of(move.path(), move.from()));
      Stream<String> deleted = Stream.concat(journal.deletes().stream(), journal.stages().stream());
      assertThat(Stream.concat(moved, deleted))
          .allSatisfy(
              path -> {
                Path place = folder.resolve(path).normalize();
                assertThat(place.startsWith(folder) && !place.equals(folder)).as(path).isTrue();
              });
    }
  }

  @Test
  void takesNoJournalThatNamesAPlaceOutsideOfItsFolder() throws IOException {
    byte[][] seeds = seeds();
    for (int i = 0; i < seeds.length; i++) {
      namesNoPlaceOutsideOfTheOutput(seeds[i]);
      assertThat(Commit.state(folder.toString()))
          .isEqualTo(i == 0 ? Commit.State.INTERRUPTED : Commit.State.DAMAGED);
    }
    Fuzz.run(Fuzz.millis() / 2, this::namesNoPlaceOutsideOfTheOutput, seeds);
  }
}
