package org.merganser.corpus.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.merganser.corpus.Compression;
import org.merganser.corpus.DatasetSplit;
import org.merganser.corpus.InputFile;
import org.merganser.corpus.InputFiles;
import org.merganser.corpus.InputFormat;

final class DatasetSplitNamesTest {
  private static List<InputFile> files(String... paths) {
    return Arrays.stream(paths)
        .map(
            path -> {
              InputFormat format =
                  Arrays.stream(InputFormat.values())
                      .filter(f -> f.hasName(path))
                      .findFirst()
                      .orElse(InputFormat.TEXT);
              return InputFiles.of(path, "/data/" + path, 1, 1, format, Compression.NONE);
            })
        .toList();
  }

  /** The splits of files in order: T, V, E or -. */
  private static String splits(String... paths) {
    List<InputFile> files = files(paths);
    DatasetSplitNames names = new DatasetSplitNames(files);
    return files.stream()
        .map(names::of)
        .map(
            p ->
                p == null
                    ? "-"
                    : Map.of("train", "T", "validation", "V", "test", "E").get("" + p.split()))
        .collect(Collectors.joining());
  }

  /** The warning of an input; null for none. */
  private static String unsaid(String glob, String... paths) {
    SkippedInputs skipped = new SkippedInputs();
    ListingWarnings.warnOfSplits("data", glob, files(paths), skipped);
    return skipped.warnings().stream().findFirst().orElse(null);
  }

  @Test
  void filesOfDownloadsNameTheirSplit() {
    assertThat(
            splits(
                "data/train-00000-of-00002.parquet",
                "data/train-00001-of-00002-a09b74b3ef9c3b56.parquet",
                "data/validation-00000-of-00001.parquet",
                "data/test-00000-of-00001.parquet"))
        .isEqualTo("TTVE");
    assertThat(splits("train.jsonl.gz", "valid.jsonl.gz", "val.csv", "dev_0.tsv", "Test.JSONL"))
        .isEqualTo("TVVVE");
    assertThat(splits("wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"))
        .isEqualTo("TVE");
    assertThat(splits("train_sft-00000-of-00001.parquet", "test_sft-00000-of-00001.parquet"))
        .isEqualTo("TE");
    assertThat(splits("train.en", "train.de", "dev.en", "dev.de")).isEqualTo("TTVV");
    assertThat(splits("training.json", "evaluation.json", "eval.json")).isEqualTo("TEE");
    assertThat(splits("train.tsv", "dev.tsv", "test.tsv", "validated.tsv", "other.tsv"))
        .as("validated is another word")
        .isEqualTo("TVE--");
  }

  @Test
  void foldersNameTheSplitOfWhatIsBelowThem() {
    assertThat(
            splits(
                "train/pos/0.txt",
                "train/neg/1.txt",
                "valid/0.txt",
                "val/0.txt",
                "dev/a/b/c.txt",
                "holdout/0.txt",
                "eval/0.txt",
                "unsup/0.txt"))
        .isEqualTo("TTVVVVE-");
    assertThat(splits("train-clean-100/a.txt", "dev-clean/b.txt", "test-other/c.txt"))
        .isEqualTo("TVE");
    assertThat(splits("en/train/x.jsonl", "de/train/x.jsonl", "de/test/x.jsonl")).isEqualTo("TTE");
    assertThat(splits("training/test.jsonl")).as("the name of the file decides").isEqualTo("E");
  }

  /** Beside names without a word. */
  @Test
  void aWordAtAnEndOfANameOfRecordsOrOfAFolderNamesTheSplit() {
    String[] others = {"a.jsonl", "b.jsonl", "c.jsonl", "d/x.jsonl", "e/x.jsonl", "f/x.jsonl"};
    for (String name :
        List.of(
            "corpus_heldout.jsonl V",
            "corpus-held-out.jsonl.gz V",
            "hold-out.csv V",
            "held_out.csv V",
            "00_train.parquet T",
            "en.dev.jsonl V",
            "dev_mismatched.tsv V",
            "test_gen.json E",
            "flores.devtest.jsonl E",
            "dev-test.jsonl E",
            "corpus_heldout/x.jsonl V",
            "heldout-2023/x.jsonl V",
            "00_train/x.jsonl T",
            "test_gen/x.jsonl E",
            "devtest/x.jsonl E",
            "web_crawl_heldout.txt V",
            "train_test.jsonl -",
            "blood-test/x.jsonl -",
            "blood_test.txt -")) {
      List<String> paths = new ArrayList<>(List.of(others));
      paths.add(name.substring(0, name.indexOf(' ')));
      assertThat(splits(paths.toArray(String[]::new)))
          .as(name)
          .isEqualTo("------" + name.substring(name.length() - 1));
    }
  }

  @Test
  void namesThatOnlyTheirOwnerKnowsAreUndecided() {
    List<InputFile> files =
        files("blood-test.txt", "how-to-train.txt", "a.txt", "b.txt", "c.txt", "d.txt", "test.py");
    assertThat(new DatasetSplitNames(files).undecided(files))
        .extracting(InputFile::path)
        .containsExactly("blood-test.txt");
  }

  @Test
  void documentsAreCalledAnything() {
    assertThat(splits("blood-test.txt", "how-to-train-your-dragon.txt", "a.txt", "b.txt", "c.txt"))
        .isEqualTo("-----");
    assertThat(splits("contest.txt", "latest.txt", "validate.txt", "trainer.txt", "devil.txt"))
        .isEqualTo("-----");
    assertThat(splits("train-test-split.csv")).isEqualTo("-");
    assertThat(splits("train.py", "test.py", "src/test/java/ATest.java", "test/README.md"))
        .as("source code and descriptions")
        .isEqualTo("----");
  }

  @Test
  void severalSplitsOfAnInputAreReported() {
    assertThat(unsaid("**", "train-0.parquet", "train-1.parquet", "test-0.parquet", "README.md"))
        .isEqualTo(
            "input data holds several splits of a data set, and all are training data here: train"
                + " (2 files, such as train-0.parquet); test (1 file, such as test-0.parquet)."
                + " Name the files of one split, and validation data in corpus.validationInputs; a"
                + " glob that names its splits, such as {train,test}-*, is taken as meant");
    assertThat(unsaid("**", "books.jsonl", "test.jsonl"))
        .contains("test (1 file, such as test.jsonl); no split (1 file, such as books.jsonl)");
  }

  @Test
  void whatTheInputNamesIsMeant() {
    String[] paths = {"train-0.parquet", "test-0.parquet"};
    assertThat(unsaid("{train,test}-*", paths)).isNull();
    assertThat(unsaid("{train,val}-*", paths)).isNotNull();
    assertThat(unsaid("*.parquet", paths)).isNotNull();
    assertThat(unsaid("**", "train-0.parquet", "train-1.parquet", "extra.parquet")).isNull();
    assertThat(unsaid("**", "test-0.parquet", "test-1.parquet")).as("one split").isNull();
    assertThat(unsaid("**", "src/main/A.java", "src/test/ATest.java", "test/run.sh")).isNull();
    assertThat(unsaid("**", "a.jsonl", "b.jsonl")).isNull();
  }

  @Test
  void namesWithoutASplitAreTheRest() {
    List<InputFile> files = files("train.csv", "other.csv", "dev.csv");
    List<InputFile> rest = new ArrayList<>();
    Map<DatasetSplit, List<InputFile>> splits = new DatasetSplitNames(files).bySplit(files, rest);
    assertThat(rest).extracting(InputFile::path).containsExactly("other.csv");
    assertThat(splits).containsOnlyKeys(DatasetSplit.TRAIN, DatasetSplit.VALIDATION);
    assertThat(DatasetSplitNames.areMixed(splits, rest)).isTrue();
  }
}
