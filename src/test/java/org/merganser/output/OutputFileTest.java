package org.merganser.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.output.OutputFile.Kind;

/** What the table says of paths. */
final class OutputFileTest {
  private static final String F = "0123456789abcdef".repeat(2);

  @Test
  void spellsWhatItRecognizes() {
    assertThat(OutputFile.SHARD.path("shards/", "", 3, 0))
        .isEqualTo("shards/parquet/part-0000003-000.parquet");
    assertThat(OutputFile.SHARD.path("validation/", "lang=en/", 12_345_678, 1000))
        .isEqualTo("validation/parquet/lang=en/part-12345678-1000.parquet");
    for (String path :
        List.of(
            OutputFile.SHARD.path("shards/", "", 3, 0),
            OutputFile.SHARD.path("validation/", "lang=en/", 12_345_678, 1000))) {
      assertThat(OutputFile.of(path)).isEqualTo(OutputFile.SHARD);
    }
    assertThat(OutputFile.of(OutputFile.KEPT_VERSION.path(F + F, "inputs.jsonl")))
        .isEqualTo(OutputFile.KEPT_VERSION);
    assertThat(OutputFile.of(OutputFile.SHUFFLE_ROWS.path(F, F, "shards/", "lang=de/", 4)))
        .isEqualTo(OutputFile.SHUFFLE_ROWS);
  }

  @Test
  void takesTheFirstRowThatMatches() {
    assertThat(OutputFile.of("shards/parquet/part-0000003-000.parquet"))
        .isEqualTo(OutputFile.SHARD);
    assertThat(OutputFile.of("validation/pooled/part-0000003-000.parquet"))
        .isEqualTo(OutputFile.POOLED);
    assertThat(OutputFile.of("shards/packed/parquet/part-0000003-000.parquet"))
        .isEqualTo(OutputFile.LAYOUT);
    assertThat(OutputFile.of("shards/shuffled/megatron/lang=en/part-0000003-000.idx"))
        .isEqualTo(OutputFile.LAYOUT);
    assertThat(OutputFile.of("shards/litdata/index.json")).isEqualTo(OutputFile.LAYOUT_INDEX);
  }

  @Test
  void knowsNoOtherNames() {
    for (String path :
        List.of(
            "",
            "notes.txt",
            "manifest.json.bak",
            "shards/notes.txt",
            "shards/parquet/mine.parquet",
            "shards/parquet/lang=en/x/part-0000000-000.parquet",
            "tokenizer/README.md",
            "states/" + F + "/manifest.json",
            "states/" + F + F + "/shards/parquet/part-0000000-000.parquet",
            "run/plan/mine.jsonl",
            "run/units/" + F + "/notes.json",
            ".merganser-staged/" + F + "/manifest.json")) {
      assertThat(OutputFile.of(path)).as(path).isNull();
    }
  }

  @Test
  void aRowWithoutVariablesIsItsOwnPath() {
    for (OutputFile row : OutputFile.values()) {
      if (row.kind() == Kind.PROOF || row.kind() == Kind.RESULT || row.kind() == Kind.RECORD) {
        assertThat(OutputFile.of(row.path())).isEqualTo(row);
      }
    }
    assertThatThrownBy(() -> OutputFile.SHARD.path("shards/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyListedFileLiesInAListedFolderOrInTheRoot() {
    assertThat(OutputFile.listedFolders())
        .containsExactlyInAnyOrder(
            "tokenizer", "shards", "validation", "embedded", "learned", "dead-letters");
    assertThat(Arrays.stream(OutputFile.values()).filter(OutputFile::isListed))
        .allMatch(row -> !row.isWrittenInPlace());
  }

  @Test
  void saysInWhichFoldersARunMayHaveFiles() {
    for (String folder :
        List.of(
            "",
            "tokenizer/",
            "shards/parquet/",
            "shards/parquet/lang=en/",
            "shards/packed/",
            "validation/shuffled/npy/lang=de/",
            "states/" + F + F + "/",
            "run/",
            "run/units/" + F + "/",
            "run/shuffle/" + F + "-" + F + "/shards/lang=de/")) {
      assertThat(OutputFile.mayBeDirectlyIn(folder)).as(folder).isTrue();
    }
    for (String folder :
        List.of("notes/", "shards/", "shards/parquet/mine/x/", "run/units/mine/", "run/mine/")) {
      assertThat(OutputFile.mayBeDirectlyIn(folder)).as(folder).isFalse();
    }
  }

  @Test
  void saysWhichFilesAreDataAndWhichAreWrittenInPlace() {
    assertThat(Arrays.stream(OutputFile.values()).filter(OutputFile::isData))
        .contains(OutputFile.SHARD, OutputFile.GROUPS, OutputFile.VOCABULARY)
        .doesNotContain(OutputFile.STATISTICS, OutputFile.DEAD_LETTERS, OutputFile.MANIFEST);
    assertThat(Arrays.stream(OutputFile.values()).filter(OutputFile::isWrittenInPlace))
        .contains(OutputFile.JOURNAL, OutputFile.RECEIPT_OF_UNIT, OutputFile.PLAN)
        .doesNotContain(OutputFile.SHARD, OutputFile.RUN, OutputFile.MANIFEST, OutputFile.REPORT);
  }
}
