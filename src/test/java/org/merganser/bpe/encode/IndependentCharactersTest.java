package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

/** That independence never changes an id is the property test of {@link SeamsTest}. */
class IndependentCharactersTest {
  private static String form(byte... bytes) {
    return ByteAlphabet.toToken(bytes, 0, bytes.length);
  }

  /** The independent characters of a model with these merges of bytes, written as hex "E4B8 AD". */
  private static IndependentCharacters independent(String... merges) {
    List<Entry> entries = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      entries.add(new Entry(form((byte) b), b));
    }
    for (String merge : merges) {
      String[] parts = merge.split(" ");
      pairs.add(form(HexFormat.of().parseHex(parts[0])));
      pairs.add(form(HexFormat.of().parseHex(parts[1])));
      String joined = form(HexFormat.of().parseHex(parts[0] + parts[1]));
      if (entries.stream().noneMatch(entry -> entry.token().equals(joined))) {
        entries.add(new Entry(joined, entries.size()));
      }
    }
    return ListedModel.of(entries, pairs, Options.NONE).byteTables().independentCharacters();
  }

  private static int id(IndependentCharacters independent, String text, int at) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return independent.id(bytes, 0, at, bytes.length);
  }

  @Test
  void isTheTokenOfItsBytesBetweenOtherCharacters() {
    IndependentCharacters reached = independent("E4 B8", "E4B8 AD", "C3 A9");
    assertThat(id(reached, "中", 0)).isEqualTo(257);
    assertThat(id(reached, "é中é", 2)).isEqualTo(257);
    assertThat(id(reached, "中é", 3)).isEqualTo(258);
    assertThat(id(reached, "丸", 0)).as("its last byte does not merge").isEqualTo(-1);
  }

  @Test
  void isNotToldBesideAscii() {
    IndependentCharacters independent = independent("C3 A9", "20 C3");
    assertThat(id(independent, " é", 1)).isEqualTo(-1);
    assertThat(id(independent, "é ", 0)).isEqualTo(-1);
    assertThat(id(independent, "éé ", 0)).isEqualTo(256);
  }

  /** Merges with ASCII do not count between other characters; NUL is ASCII too. */
  @Test
  void isFirmWhateverItsBytesMergeWithBesideAscii() {
    for (String ascii : new String[] {"20", "00", "7F"}) {
      IndependentCharacters independent = independent(ascii + " C3", "A9 " + ascii, "C3 A9");
      assertThat(id(independent, "ééé", 2)).as(ascii).isEqualTo(258);
      String character = String.valueOf((char) Integer.parseInt(ascii, 16));
      assertThat(id(independent, character + "éé", 1)).as(ascii).isEqualTo(-1);
      assertThat(id(independent, "éé" + character, 2)).as(ascii).isEqualTo(-1);
    }
  }

  @Test
  void hasTheFirstAndLastCharactersOfTwoAndThreeBytesAndNoOthers() {
    IndependentCharacters independent =
        independent("C2 80", "DF BF", "E0 A0", "E0A0 80", "EF BF", "EFBF BF", "C3 80");
    Map<String, Integer> ids =
        Map.of("\u0080", 256, "\u07FF", 257, "\u0800", 259, "\uFFFF", 261, "\u00C0", 262);
    ids.forEach(
        (character, id) -> {
          assertThat(id(independent, character, 0)).isEqualTo(id);
          assertThat(independent.idAlone(bytes(character.getBytes(StandardCharsets.UTF_8))))
              .isEqualTo(id);
        });
    assertThat(independent.idAlone(0xC3)).as("the lead byte of U+00C0").isEqualTo(-1);
    for (String other :
        List.of(
            "C180", "C280C2", "E08180", "E0A0", "EDA080", "F0A08080", "F0BFBFBF", "8080", "EF80")) {
      byte[] bytes = HexFormat.of().parseHex(other);
      if (!other.startsWith("C280")) {
        assertThat(independent.id(bytes, 0, 0, bytes.length)).as(other).isEqualTo(-1);
      }
      assertThat(independent.idAlone(bytes(bytes))).as(other).isEqualTo(-1);
    }
  }

  /** The bytes of a word of at most four, the first lowest. */
  private static int bytes(byte[] word) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).put(word).getInt(0);
  }

  @Test
  void isUndoneByAnEarlierMergeOverItsEdge() {
    assertThat(id(independent("A9 C3", "C3 A9"), "éé", 0)).isEqualTo(-1);
    assertThat(id(independent("C3 A9", "A9 C3"), "éé", 0)).isEqualTo(256);
    // The whole character merges with a neighbour at a lower rank than its own bytes do.
    assertThat(id(independent("C3 A9", "C3A9 C3", "C3 A9"), "éé", 0)).isEqualTo(-1);
  }

  @Test
  void tellsACharacterAloneEvenWhereItIsNotFirm() {
    assertThat(independent("A9 C3", "C3 A9").idAlone(0xA9C3)).isEqualTo(257);
    assertThat(independent("A9 C3").idAlone(0xA9C3)).isEqualTo(-1);
    assertThat(independent("C3 A9").idAlone(0xC3)).isEqualTo(-1);
  }
}
