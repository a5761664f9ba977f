package org.merganser.text.normalize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.regex.TextPattern;

/** Normalizers may make a text longer, but not as long as a few bytes of a tokenizer say. */
class GrowthLimitTest {
  private static int length(NormalizerSpec spec, String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    ByteBuilder out = new ByteBuilder(16);
    return spec.build().normalize(utf8, 0, utf8.length, out) ? out.length() : utf8.length;
  }

  private static NormalizerSpec times(int times) {
    return new NormalizerSpec.Replace(new TextPattern.Literal("a"), "a".repeat(times));
  }

  private static NormalizerSpec doubled(int steps) {
    return new NormalizerSpec.Sequence(Collections.nCopies(steps, times(2)));
  }

  @Test
  void refusesToDoubleATextThirtyTimes() {
    assertThatThrownBy(() -> length(doubled(30), "aaaa"))
        .isInstanceOf(NormalizerLimitException.class)
        .hasMessage(
            "the normalizer makes more than 65792 bytes of a text of 4 (64 times as many, and"
                + " 65536, are allowed)");
    // ByteLevel writes each byte of its own letters as one of two bytes.
    List<NormalizerSpec> levels = Collections.nCopies(30, new NormalizerSpec.ByteLevel());
    assertThatThrownBy(() -> length(new NormalizerSpec.Sequence(levels), "\u00e9"))
        .isInstanceOf(NormalizerLimitException.class);
  }

  @Test
  void stopsAReplaceBeforeItHasMadeAllOfALongText() {
    assertThatThrownBy(() -> length(times(1 << 14), "a".repeat(1 << 20)))
        .isInstanceOf(NormalizerLimitException.class);
  }

  @Test
  void allowsWhatIsNotLonger() {
    assertThat(length(doubled(14), "aaaa")).isEqualTo(1 << 16);
    assertThat(length(times(64), "a".repeat(10_000))).isEqualTo(640_000);
    assertThat(length(times(65), "a".repeat(65_536))).isEqualTo(65 * 65_536);
    assertThatThrownBy(() -> length(times(65), "a".repeat(65_537)))
        .isInstanceOf(NormalizerLimitException.class);
  }
}
