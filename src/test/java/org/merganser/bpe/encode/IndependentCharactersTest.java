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

/** That firmness never changes an id is the property test of {@link SeamsTest}. */
class IndependentCharactersTest {
  private static String form(byte... bytes) {
    return ByteAlphabet.toToken(bytes, 0, bytes.length);
  }

  /** The firm characters of a model with these merges of bytes, written as hex "E4B8 AD". */
  private static IndependentCharacters firm(String... merges) {
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
    return ListedModel.of(entries, pairs, Options.NONE).byteTables().firmCharacters();
  }

  private static int id(IndependentCharacters firm, String text, int at) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return firm.id(bytes, 0, at, bytes.length);
  }

  @Test
  void isTheTokenOfItsBytesBetweenOtherCharacters() {
    IndependentCharacters reached = firm("E4 B8", "E4B8 AD", "C3 A9");
    assertThat(id(reached, "中", 0)).isEqualTo(257);
    assertThat(id(reached, "é中é", 2)).isEqualTo(257);
    assertThat(id(reached, "中é", 3)).isEqualTo(258);
    assertThat(id(reached, "丸", 0)).as("its last byte does not merge").isEqualTo(-1);
  }

  @Test
  void isNotToldBesideAscii() {
    IndependentCharacters firm = firm("C3 A9", "20 C3");
    assertThat(id(firm, " é", 1)).isEqualTo(-1);
    assertThat(id(firm, "é ", 0)).isEqualTo(-1);
    assertThat(id(firm, "éé ", 0)).isEqualTo(256);
  }

  /** Merges with ASCII do not count between other characters; NUL is ASCII too. */
  @Test
  void isFirmWhateverItsBytesMergeWithBesideAscii() {
    for (String ascii : new String[] {"20", "00", "7F"}) {
      IndependentCharacters firm = firm(ascii + " C3", "A9 " + ascii, "C3 A9");
      assertThat(id(firm, "ééé", 2)).as(ascii).isEqualTo(258);
      String character = String.valueOf((char) Integer.parseInt(ascii, 16));
      assertThat(id(firm, character + "éé", 1)).as(ascii).isEqualTo(-1);
      assertThat(id(firm, "éé" + character, 2)).as(ascii).isEqualTo(-1);
    }
  }

  @Test
  void hasTheFirstAndLastCharactersOfTwoAndThreeBytesAndNoOthers() {
    IndependentCharacters firm =
        firm("C2 80", "DF BF", "E0 A0", "E0A0 80", "EF BF", "EFBF BF", "C3 80");
    Map<String, Integer> ids =
        Map.of("\u0080", 256, "\u07FF", 257, "\u0800", 259, "\uFFFF", 261, "\u00C0", 262);
    ids.forEach(
        (character, id) -> {
          assertThat(id(firm, character, 0)).isEqualTo(id);
          assertThat(firm.idAlone(bytes(character.getBytes(StandardCharsets.UTF_8)))).isEqualTo(id);
        });
    assertThat(firm.idAlone(0xC3)).as("the lead byte of U+00C0").isEqualTo(-1);
    for (String other :
        List.of(
            "C180", "C280C2", "E08180", "E0A0", "EDA080", "F0A08080", "F0BFBFBF", "8080", "EF80")) {
      byte[] bytes = HexFormat.of().parseHex(other);
      if (!other.startsWith("C280")) {
        assertThat(firm.id(bytes, 0, 0, bytes.length)).as(other).isEqualTo(-1);
      }
      assertThat(firm.idAlone(bytes(bytes))).as(other).isEqualTo(-1);
    }
  }

  /** The bytes of a word of at most four, the first lowest. */
  private static int bytes(byte[] word) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).put(word).getInt(0);
  }

  @Test
  void isUndoneByAnEarlierMergeOverItsEdge() {
    assertThat(id(firm("A9 C3", "C3 A9"), "éé", 0)).isEqualTo(-1);
    assertThat(id(firm("C3 A9", "A9 C3"), "éé", 0)).isEqualTo(256);
    // The whole character merges with a neighbour at a lower rank than its own bytes do.
    assertThat(id(firm("C3 A9", "C3A9 C3", "C3 A9"), "éé", 0)).isEqualTo(-1);
  }

  @Test
  void tellsACharacterAloneEvenWhereItIsNotFirm() {
    assertThat(firm("A9 C3", "C3 A9").idAlone(0xA9C3)).isEqualTo(257);
    assertThat(firm("A9 C3").idAlone(0xA9C3)).isEqualTo(-1);
    assertThat(firm("C3 A9").idAlone(0xC3)).isEqualTo(-1);
  }
}
