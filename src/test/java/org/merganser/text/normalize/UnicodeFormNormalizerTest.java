package org.merganser.text.normalize;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.util.VersionInfo;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.merganser.Seeds;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.HfOracle;
import org.merganser.text.unicode.NormalizationForm;
import org.merganser.text.unicode.NormalizationTexts;
import org.merganser.text.unicode.Scalars;

final class UnicodeFormNormalizerTest {
  private static final VersionInfo UNICODE_9 = VersionInfo.getInstance(9);

  @Test
  void leavesNormalTextAloneAndTheOutputUntouched() {
    ByteBuilder out = new ByteBuilder(16);
    out.append((byte) 'x');
    byte[] text = "plain é ọ̈ 한국 हिन्दी ก็ 車 🌲".getBytes(UTF_8);
    assertThat(
            new UnicodeFormNormalizer(NormalizationForm.NFC).normalize(text, 0, text.length, out))
        .isFalse();
    assertThat(out.toByteArray()).containsExactly('x');
  }

  @Test
  void normalizesOnlyTheRangeItIsGiven() {
    // The range begins after the e and ends before the second acute.
    byte[] text = "e\u0301 e\u0301 e\u0301".getBytes(UTF_8);
    ByteBuilder out = new ByteBuilder(16);
    UnicodeFormNormalizer nfc = new UnicodeFormNormalizer(NormalizationForm.NFC);
    assertThat(nfc.normalize(text, 1, 5, out)).isFalse();
    assertThat(nfc.normalize(text, 1, 7, out)).isTrue();
    assertThat(new String(out.toByteArray(), UTF_8)).isEqualTo("\u0301 é");
    assertThat(nfc.normalize(text, 3, 3, out)).isFalse();
  }

  @Test
  void composesAcrossAMarkOfALowerClassAndNotOfTheSame() {
    assertThat(apply(NormalizationForm.NFC, "o\u0323\u0302")).isEqualTo("\u1ED9");
    assertThat(apply(NormalizationForm.NFC, "o\u0302\u0323")).isEqualTo("\u1ED9");
    assertThat(apply(NormalizationForm.NFC, "o\u030A\u0302")).isEqualTo("o\u030A\u0302");
    assertThat(apply(NormalizationForm.NFC, "\u1100\u1161\u11A8\u11A8")).isEqualTo("각\u11A8");
    assertThat(apply(NormalizationForm.NFC, "\u212B\u2126\u0340")).isEqualTo("\u00C5\u1FFA");
    assertThat(apply(NormalizationForm.NFC, "\u0958")).isEqualTo("\u0915\u093C");
    assertThat(apply(NormalizationForm.NFKC, "ﬁ½Ⅻ㎏")).isEqualTo("fi1⁄2XIIkg");
    assertThat(apply(NormalizationForm.NFKD, "각ﷺ"))
        .isEqualTo("\u1100\u1161\u11A8صلى الله عليه وسلم");
  }

  /** Runs of letters, of every length, with a mark after; the first bytes identify the letters. */
  @ParameterizedTest
  @EnumSource
  void aMarkAfterARunOfLettersMeetsTheLastOfThem(NormalizationForm form) {
    Normalizer2 icu = icu(form);
    UnicodeFormNormalizer normalizer = new UnicodeFormNormalizer(form);
    for (String letters : new String[] {"и", "é", "aи", "éи", "aé", "и ", "ήи"}) {
      for (int length = 1; length <= 40; length++) {
        String run = letters.repeat(length).substring(0, length);
        for (String end : new String[] {"", "\u0306", "\u0301", "\u0323\u0301", "ϋ\u0301"}) {
          String text = run + end + run;
          assertThat(apply(normalizer, text))
              .as("%s of length %d before %s", letters, length, NormalizationTexts.hex(end))
              .isEqualTo(icu.normalize(text));
        }
      }
    }
  }

  /** ICU is a twin where nothing newer than Unicode 9 occurs. */
  @ParameterizedTest
  @EnumSource
  void equalsIcuOnCharactersOfUnicode9(NormalizationForm form) {
    long seed = Seeds.next();
    Random random = new Random(seed);
    Normalizer2 icu = icu(form);
    NormalizationTexts texts =
        new NormalizationTexts(
            random, c -> UCharacter.getAge(c).compareTo(UNICODE_9) <= 0 && c != 0xFFFD);
    UnicodeFormNormalizer normalizer = new UnicodeFormNormalizer(form);
    for (int i = 0; i < 10_000; i++) {
      String text = texts.next();
      assertThat(apply(normalizer, text))
          .as("seed %d, text %d: %s", seed, i, NormalizationTexts.hex(text))
          .isEqualTo(icu.normalize(text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalsHfOnScalarValuesAlone(NormalizationForm form) {
    compareScalars(form, false);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void equalsHfOnEveryScalarValueAlone(NormalizationForm form) {
    compareScalars(form, true);
  }

  private static void compareScalars(NormalizationForm form, boolean all) {
    try (HfOracle hf = HfOracle.of(spec(form))) {
      UnicodeFormNormalizer normalizer = new UnicodeFormNormalizer(form);
      Scalars.texts(
          all,
          "\n",
          "",
          c -> true,
          text ->
              assertThat(apply(normalizer, text))
                  .as("from U+%04X", text.codePointAt(1))
                  .isEqualTo(hf.rewrite(text)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void equalsHfOnMarksInRandomOrder(NormalizationForm form) {
    long seed = Seeds.next();
    NormalizationTexts texts = new NormalizationTexts(new Random(seed), c -> true);
    try (HfOracle hf = HfOracle.of(spec(form))) {
      UnicodeFormNormalizer normalizer = new UnicodeFormNormalizer(form);
      for (int i = 0; i < 400; i++) {
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < 20; j++) {
          text.append(texts.next()).append(j % 3 == 0 ? "\n" : "");
        }
        assertThat(apply(normalizer, text.toString()))
            .as("seed %d, text %d: %s", seed, i, NormalizationTexts.hex(text.toString()))
            .isEqualTo(hf.rewrite(text.toString()));
      }
    }
  }

  @Test
  void ordersALongRunOfMarksWithoutQuadraticTime() {
    char[] marks = {'\u0334', '\u0327', '\u0315'}; // classes 1, 202 and 232
    int[] counts = new int[marks.length];
    Random random = new Random(1);
    StringBuilder text = new StringBuilder("a");
    for (int i = 0; i < 1_000_000; i++) {
      int mark = random.nextInt(marks.length);
      counts[mark]++;
      text.append(marks[mark]);
    }
    StringBuilder ordered = new StringBuilder("a");
    for (int i = 0; i < marks.length; i++) {
      ordered.append(String.valueOf(marks[i]).repeat(counts[i]));
    }
    assertThat(apply(NormalizationForm.NFD, text.toString()).equals(ordered.toString())).isTrue();
  }

  private static NormalizerSpec spec(NormalizationForm form) {
    return switch (form) {
      case NFC -> new NormalizerSpec.Nfc();
      case NFD -> new NormalizerSpec.Nfd();
      case NFKC -> new NormalizerSpec.Nfkc();
      case NFKD -> new NormalizerSpec.Nfkd();
    };
  }

  private static Normalizer2 icu(NormalizationForm form) {
    return switch (form) {
      case NFC -> Normalizer2.getNFCInstance();
      case NFD -> Normalizer2.getNFDInstance();
      case NFKC -> Normalizer2.getNFKCInstance();
      case NFKD -> Normalizer2.getNFKDInstance();
    };
  }

  private static String apply(NormalizationForm form, String text) {
    return apply(new UnicodeFormNormalizer(form), text);
  }

  private static String apply(Normalizer normalizer, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    ByteBuilder out = new ByteBuilder(16);
    boolean changed = normalizer.normalize(bytes, 0, bytes.length, out);
    String result = changed ? new String(out.toByteArray(), UTF_8) : text;
    assertThat(changed).as("says that it changed \"%s\"", text).isEqualTo(!result.equals(text));
    return result;
  }
}
