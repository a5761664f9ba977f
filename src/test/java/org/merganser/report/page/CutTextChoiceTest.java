package org.merganser.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.merganser.pipeline.Jobs;
import org.merganser.tokenizer.Tokenizer;

final class CutTextChoiceTest {
  private static final String LATIN = "The quick brown fox jumps over the lazy dog. ";
  private static final String GREEK = "Η γρήγορη καφετιά αλεπού πηδάει πάνω από το σκυλί. ";

  /** The vocabulary has no tokens for it, so all its tokens are bytes. */
  private static final String CYRILLIC = "Съешь же ещё этих мягких французских булок. ";

  @TempDir static Path folder;
  private static Tokenizer tokenizer;

  @BeforeAll
  static void learnAVocabulary() throws Exception {
    Path text = Files.writeString(folder.resolve("text.txt"), (LATIN + GREEK).repeat(20));
    Jobs.train(folder.resolve("out"), "--input %s --vocab-size 400 --pattern gpt2", text);
    tokenizer = Tokenizer.read(folder.resolve("out/tokenizer.json"));
  }

  private static CutTextChoice choice(@Nullable String script, @Nullable String group) {
    return new CutTextChoice(tokenizer, script, group, List.of("shown first", "shown"));
  }

  private static void offer(
      CutTextChoice choice, String document, @Nullable String group, String text) {
    int[] ids = tokenizer.encode(text);
    choice.offer(document, group, ids, ids.length);
  }

  private static String chosen(CutTextChoice choice) {
    return Objects.requireNonNull(choice.chosen()).document();
  }

  @Test
  void isOfTheScriptWithTheMostText() {
    CutTextChoice choice = choice("greek", null);
    assertThat(choice.chosen()).isNull();
    offer(choice, "empty", null, "");
    assertThat(choice.chosen()).isNull();
    offer(choice, "latin", null, LATIN.repeat(30));
    assertThat(chosen(choice)).isEqualTo("latin");
    offer(choice, "greek", null, "1. " + GREEK.repeat(30));
    assertThat(chosen(choice)).isEqualTo("greek");
    offer(choice, "later", null, GREEK.repeat(30));
    assertThat(chosen(choice)).isEqualTo("greek");
  }

  @Test
  void isOfTheGroupWithTheMostTextALineLongAndNotShown() {
    CutTextChoice choice = choice("latin", "b");
    offer(choice, "other group", "a", LATIN);
    offer(choice, "short", "b", "The fox");
    assertThat(chosen(choice)).isEqualTo("short");
    offer(choice, "shown first", "b", LATIN);
    offer(choice, "shown", "b", LATIN);
    assertThat(chosen(choice)).isEqualTo("shown");
    offer(choice, "other", "b", LATIN);
    assertThat(chosen(choice)).isEqualTo("other");
  }

  @Test
  void isNoTextOfFragments() {
    CutTextChoice choice = choice("cyrillic", null);
    offer(choice, "fragments", null, CYRILLIC.repeat(30));
    assertThat(choice.chosen()).isNull();
    offer(choice, "of another script", null, "The fox");
    assertThat(chosen(choice)).isEqualTo("of another script");
    offer(choice, "long fragments", null, CYRILLIC.repeat(30));
    offer(choice, "short fragments", null, "булок");
    assertThat(chosen(choice)).isEqualTo("of another script");
  }

  @Test
  void passesOverAScriptAfterAHundredDocumentsOfFragments() {
    for (int documents : new int[] {99, 100}) {
      CutTextChoice choice = choice("greek", null);
      offer(choice, "latin", null, LATIN);
      for (int i = 0; i < documents; i++) {
        offer(choice, "fragments", null, i % 2 == 0 ? "ϞϞϞϞ" : "ϞϞϞϞϞϞϞϞ".repeat(20));
      }
      offer(choice, "greek", null, GREEK);
      assertThat(chosen(choice)).isEqualTo(documents < 100 ? "greek" : "latin");
    }
  }
}
