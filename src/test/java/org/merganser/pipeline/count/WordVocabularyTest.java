package org.merganser.pipeline.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.bpe.train.KeptCounts;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.checksum.Sha256;
import org.merganser.pipeline.output.FileRef;

final class WordVocabularyTest {
  private static final FileRef WORDS = new FileRef("words", "1");
  private static final FileRef PAIRS = new FileRef("pairs", "2");

  @Test
  void theFilesSoFarDecideWhatIsCounted() {
    assertThat(WordVocabulary.Files.of(List.of())).as("pretokens").isNull();
    assertThat(WordVocabulary.Files.of(List.of(WORDS)))
        .as("pairs")
        .isEqualTo(new WordVocabulary.Files(WORDS, null));
    assertThat(WordVocabulary.Files.of(List.of(WORDS, PAIRS)))
        .as("runs")
        .isEqualTo(new WordVocabulary.Files(WORDS, PAIRS));
    assertThatThrownBy(() -> WordVocabulary.Files.of(List.of(WORDS, PAIRS, WORDS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("3 files; there are at most two, of words and of pairs");
  }

  @Test
  void theFileKeepsItsNamesOfFields(@TempDir Path folder) throws Exception {
    TrainedBpe trained = new TrainedBpe(List.of("a", "b", "ab"), new int[] {0, 1});
    KeptCounts kept = new KeptCounts(2, 3, 4, 5, 6);
    byte[] json = new WordVocabulary(trained, kept).toJson();
    assertThat(new String(json, StandardCharsets.UTF_8))
        .startsWith("{\"trained\":{")
        .contains("\"cut\":{\"minimumCount\":2,");
    Path file = Files.write(folder.resolve("words"), json);
    WordVocabulary read = WordVocabulary.read(new FileRef(file.toString(), Sha256.of(json)));
    assertThat(read.kept()).isEqualTo(kept);
    assertThat(read.trained().tokens()).isEqualTo(trained.tokens());
    assertThat(read.trained().merges()).isEqualTo(trained.merges());
  }
}
