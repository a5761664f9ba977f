package org.merganser.report.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.merganser.tokenizer.TestTokenizers;
import org.merganser.tokenizer.Tokenizer;

/** Where two tokenizers cut the segments that show their difference. */
final class DifferenceMeterTest {
  private static final String TEXT =
      "the lower one is newer than the lowest, and the newest is wider than the widest of them all";

  @Test
  void theCutsAreWhereTokensEndInTheTextThoughATokenizerPutsASpaceBeforeIt() {
    NamedTokenizer metaspace = NamedTokenizer.read(TestTokenizers.metaspace(), "metaspace");
    NamedTokenizer bytes = NamedTokenizer.read(TestTokenizers.byteLevel(), "bytes");
    VocabularyMeter meter = new VocabularyMeter(List.of(metaspace, bytes));
    byte[] utf8 = TEXT.getBytes(UTF_8);
    meter.add("document", null, utf8, 0, utf8.length);
    Difference difference = meter.result(null).differences().get(0);
    Difference.Text example = Objects.requireNonNull(difference.kinds().get(0).example());
    assertThat(example.text()).isEqualTo(TEXT);
    assertCuts(metaspace.tokenizer(), "▁", example.cutA());
    assertCuts(bytes.tokenizer(), "Ġ", example.cutB());
  }

  /** Each token with the mark of a space at its beginning begins before a space of the text. */
  private static void assertCuts(Tokenizer tokenizer, String mark, List<Integer> cuts) {
    int[] ids = tokenizer.encode(TEXT);
    assertThat(cuts).hasSize(ids.length).isSorted().endsWith(TEXT.length());
    for (int i = 1; i < ids.length; i++) {
      boolean hasMark = String.valueOf(tokenizer.token(ids[i])).startsWith(mark);
      assertThat(TEXT.charAt(cuts.get(i - 1)) == ' ').as("token %d", i).isEqualTo(hasMark);
    }
  }
}
