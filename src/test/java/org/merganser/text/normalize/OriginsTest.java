package org.merganser.text.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.regex.TextPattern;

/** Worked examples; what HF says of random texts is compared by {@code OffsetOracleTest}. */
class OriginsTest {

  /** The spans of the characters of the normalized text, in bytes of the text. */
  private static List<String> origins(NormalizerSpec spec, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuilder out = new ByteBuilder(16);
    Origins origins = new Origins();
    assertThat(spec.build().normalize(utf8, 0, utf8.length, out, origins)).isTrue();
    origins.setTexts(utf8, out.bytes());
    List<String> spans = new ArrayList<>();
    String normalized = new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8);
    int at = 0;
    for (int c : normalized.codePoints().toArray()) {
      String character = Character.toString(c);
      int end = at + character.getBytes(StandardCharsets.UTF_8).length;
      long span = Origins.resolve(List.of(origins), out.bytes(), at, end);
      spans.add(character + " " + Origins.start(span) + ".." + Origins.end(span));
      at = end;
    }
    return spans;
  }

  @Test
  void aComposedCharacterComesFromTheFirstOfItsParts() {
    assertThat(origins(new NormalizerSpec.Nfc(), "xe\u0301y"))
        .containsExactly("x 0..1", "é 1..2", "y 4..5");
  }

  @Test
  void thePartsOfACharacterComeFromAllOfIt() {
    assertThat(origins(new NormalizerSpec.Nfkd(), "½a"))
        .containsExactly("1 0..2", "\u2044 0..2", "2 0..2", "a 2..3");
  }

  @Test
  void whatAReplaceWritesComesFromTheLastCharacterThatItReplaces() {
    assertThat(origins(new NormalizerSpec.Replace(new TextPattern.Literal("ab"), "é!"), "xaby"))
        .containsExactly("x 0..1", "é 2..3", "! 2..3", "y 3..4");
  }

  @Test
  void whatIsPrependedComesFromTheFirstCharacter() {
    assertThat(origins(new NormalizerSpec.Prepend("▁"), "äb"))
        .containsExactly("▁ 0..2", "ä 0..2", "b 2..3");
  }

  @Test
  void aSequenceGoesBackThroughAllOfItsSteps() {
    NormalizerSpec sequence =
        new NormalizerSpec.Sequence(
            List.of(
                new NormalizerSpec.Strip(true, true),
                new NormalizerSpec.Nfd(),
                new NormalizerSpec.StripAccents(),
                new NormalizerSpec.Lowercase(),
                new NormalizerSpec.Prepend("_")));
    assertThat(origins(sequence, " ÉA ")).containsExactly("_ 1..3", "e 1..3", "a 3..4");
  }
}
