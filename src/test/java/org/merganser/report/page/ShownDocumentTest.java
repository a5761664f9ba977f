package org.merganser.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.Jobs;
import org.merganser.report.measure.TokenBytes;
import org.merganser.tokenizer.Tokenizer;

final class ShownDocumentTest {
  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void learnAVocabulary() throws Exception {
    Jobs.train(folder, "--input sample-data/corpus --format jsonl --vocab-size 400 --pattern gpt2");
    tokenizer = Tokenizer.read(folder.resolve("tokenizer.json"));
  }

  @Test
  void choosesEachDocumentOnceAndAllOfFew() {
    assertThat(ShownDocument.choose(0, 20)).isEmpty();
    assertThat(ShownDocument.choose(5, 0)).isEmpty();
    assertThat(ShownDocument.choose(3, 20)).containsExactly(0L, 1L, 2L);
    assertThat(ShownDocument.choose(3, 3)).containsExactly(0L, 1L, 2L);
    assertThat(ShownDocument.choose(4, 3)).hasSize(3).allMatch(number -> number < 4);
  }

  /** The same in every release: a page that is made again shows the same documents. */
  @Test
  void choosesTheSameOfAsManyDocuments() {
    assertThat(ShownDocument.choose(1_000_000_000_000L, 3))
        .containsExactly(379_200_822_465L, 416_658_607_535L, 725_756_348_110L)
        .isSubsetOf(ShownDocument.choose(1_000_000_000_000L, 20));
  }

  @Test
  void choosesFromAllPlacesAlike() {
    int[] tenths = new int[10];
    ShownDocument.choose(10_000_000, 1000).forEach(number -> tenths[(int) (number / 1_000_000)]++);
    assertThat(Arrays.stream(tenths).boxed()).allMatch(count -> count > 60 && count < 140);
  }

  @Test
  void hasWholeTokensOfTheFirstTwoThousandCharacters() {
    for (String letter : new String[] {"a", "é", "車", "🌲"}) {
      for (int length : new int[] {0, 1, 1999, 2000, 2001, 5000}) {
        int[] ids = tokenizer.encode(letter.repeat(length));
        ShownDocument shown = of(ids);
        String text = tokenizer.decode(shown.ids(), false);
        int characters = text.codePointCount(0, text.length());
        assertThat(shown.tokens()).isEqualTo(ids.length);
        assertThat(ids).startsWith(shown.ids());
        assertThat(characters).isLessThanOrEqualTo(2000).isGreaterThan(Math.min(length, 1980) - 1);
        assertThat(shown.ids().length == ids.length).isEqualTo(length <= 2000);
      }
    }
  }

  private static ShownDocument of(int[] ids) {
    return ShownDocument.of("one", null, ids, ids.length, new TokenBytes(tokenizer));
  }
}
