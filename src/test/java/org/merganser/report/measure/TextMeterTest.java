package org.merganser.report.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.Jobs;
import org.merganser.report.measure.TextSums.ScriptSums;
import org.merganser.report.measure.TextSums.WordSums;
import org.merganser.shard.ShardRow;
import org.merganser.shard.ShardRows;
import org.merganser.tokenizer.SpecialText;
import org.merganser.tokenizer.Tokenizer;

final class TextMeterTest {
  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void train() throws IOException {
    Path text =
        Files.writeString(
            folder.resolve("text.txt"), "low lower lowest ภาษาไทย größer\n".repeat(50));
    Jobs.train(folder.resolve("tokenizer"), "--input %s --vocab-size 300 --pattern gpt2", text);
    tokenizer = Tokenizer.read(folder.resolve("tokenizer/tokenizer.json"));
  }

  private static ShardRow row(String text) {
    ShardRow row = ShardRows.row("a", "a.txt", 0, 0, tokenizer.encode(text));
    row.group = "g";
    return row;
  }

  private static Excerpt excerpt(ShardRow row) {
    return new Excerpt(0, "a", row.group, false, true, Excerpt.pack(row.ids, 0, row.ids.length));
  }

  private static TextMeter meter() {
    return new TextMeter(
        new TokenBytes(tokenizer),
        tokenizer.newEncoder(SpecialText.TEXT),
        TextMeter.Pieces.BY_DOCUMENT);
  }

  @Test
  void theLettersAreAllCharactersThoseBetweenSentencesToo() {
    String text = " low.\n\tgrößer!\u3000ภาษา \r\n\u00a0";
    TextMeter meter = meter();
    ShardRow row = row(text);
    meter.add(excerpt(row));
    PieceSums letters = meter.pieces().get(Granularity.LETTER);
    assertThat(letters.distinct()).isEqualTo(text.codePoints().distinct().count());
    assertThat(meter.sums().characters()).isEqualTo(text.codePoints().count());
  }

  @Test
  void eachByteAndTokenBelongsToOneScript() {
    ShardRow row = row("«low» ภาษาไทย, 12 größer! ภาษา ");
    TextMeter meter = meter();
    meter.add(excerpt(row));
    TextSums sums = meter.sums();
    assertThat(sums.byScript().keySet()).containsExactly("common", "latin", "thai");
    assertThat(sums.byScript().get("latin").bytes())
        .isEqualTo("«low größer".getBytes(UTF_8).length);
    assertThat(sums.byScript().get("common").bytes()).isEqualTo(", 12".length());
    assertThat(sums.byScript().values().stream().mapToLong(ScriptSums::bytes).sum())
        .isEqualTo(sums.bytes());
    assertThat(sums.byScript().values().stream().mapToLong(ScriptSums::tokens).sum())
        .isEqualTo(sums.tokens())
        .isEqualTo(row.count);
    // One token over many Thai letters is one token of text, and a token of each of these words.
    assertThat(sums.byScript().get("thai").tokens())
        .isLessThan(sums.byScript().get("thai").words().words())
        .isLessThan(sums.byScript().get("thai").words().tokens());
  }

  @Test
  void textWithoutWordsIsCommon() {
    ShardRow row = row("... !!");
    TextMeter meter = meter();
    meter.add(excerpt(row));
    assertThat(meter.sums().byScript())
        .containsOnlyKeys("common")
        .containsEntry("common", new ScriptSums(new WordSums(0, 0, 0), 6, row.count));
  }
}
