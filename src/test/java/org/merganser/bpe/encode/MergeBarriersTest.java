package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.merganser.Seeds;
import org.merganser.bpe.encode.BpeModel.Options;
import org.merganser.bpe.encode.ListedModel.Entry;
import org.merganser.text.unicode.ByteAlphabet;

/** Byte-level models with all bytes, whose pretokens are cut at barriers, against the slow twin. */
class MergeBarriersTest {
  /** Characters of one to four bytes that share lead and last bytes. */
  private static final String[] CHARACTERS = {"a", "b", " ", "é", "ã", "中", "丸", "車", "🌲", "🌳"};

  private static String form(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteAlphabet.toToken(bytes, 0, bytes.length);
  }

  /** A model whose merges join parts of random text, at bytes and not at characters only. */
  private static RandomBytes randomModel(Random random, boolean ignoreMerges) {
    RandomBytes model = new RandomBytes(new Options(null, null, null, false, false, ignoreMerges));
    int merges = random.nextInt(60);
    for (int i = 0; i < merges; i++) {
      String text = form(text(random, 1 + random.nextInt(4)));
      int from = random.nextInt(text.length());
      int to = from + 1 + random.nextInt(text.length() - from);
      model.learn(text.substring(from, to), random);
    }
    if (ignoreMerges) {
      for (int i = 0; i < 10; i++) {
        model.token(form(text(random, 1 + random.nextInt(3))));
      }
    }
    return model;
  }

  private static final class RandomBytes {
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> merges = new ArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private final Options options;

    RandomBytes(Options options) {
      this.options = options;
      for (int b = 0; b < 256; b++) {
        token(String.valueOf(ByteAlphabet.toChar(b)));
      }
    }

    void token(String token) {
      if (!tokens.contains(token)) {
        entries.add(new Entry(token, tokens.size()));
        tokens.add(token);
      }
    }

    /** Adds merges that make {@code token}, by random cuts. */
    void learn(String token, Random random) {
      if (token.length() > 1 && !tokens.contains(token)) {
        int cut = 1 + random.nextInt(token.length() - 1);
        learn(token.substring(0, cut), random);
        learn(token.substring(cut), random);
        token(token);
        merges.add(token.substring(0, cut));
        merges.add(token.substring(cut));
      }
    }

    /** Adds a merge of two parts, and merges within them. */
    void join(String left, String right) {
      Random random = new Random(1);
      learn(left, random);
      learn(right, random);
      merges.addAll(List.of(left, right));
      token(left + right);
    }
  }

  /** Mixed, or of the three-byte characters alone, one text in two. */
  private static String text(Random random, int characters) {
    boolean three = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < characters; i++) {
      text.append(CHARACTERS[three ? 5 + random.nextInt(3) : random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  @Test
  void cuttingAtBarriersChangesNoId() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = Seeds.cases(1_500); round > 0; round--) {
      RandomBytes model = randomModel(random, round % 3 == 0);
      ModelWays ways =
          new ModelWays(ListedModel.of(model.entries, model.merges, model.options), true);
      PlainBpe plain = new PlainBpe(model.entries, model.merges, model.options);
      for (int i = 0; i < 20; i++) {
        // Now and then a pretoken of more ids than a new buffer has room for.
        boolean isLong = i == 0 && round % 50 == 0;
        String text = text(random, 1 + random.nextInt(isLong ? 1_000 : i % 4 == 0 ? 40 : 6));
        String what = "seed %d round %d %s merges %s".formatted(seed, round, text, model.merges);
        List<Integer> ids = plain.ids(form(text));
        ways.check(ids, what, text);
        if (i % 4 == 1) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          ways.checkLengths(plain.lengths(form(text), true), what, bytes);
          String second = text(random, 1 + random.nextInt(3));
          List<Integer> both = new ArrayList<>(ids);
          both.addAll(plain.ids(form(second)));
          ways.check(both, what + " and " + second, text, second);
        }
      }
    }
  }

  @Test
  void damagedBytesHaveNoBarrierBesideThem() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int round = Seeds.cases(600); round > 0; round--) {
      RandomBytes model = randomModel(random, false);
      ModelWays ways =
          new ModelWays(ListedModel.of(model.entries, model.merges, model.options), true);
      PlainBpe plain = new PlainBpe(model.entries, model.merges, model.options);
      for (int i = 0; i < 20; i++) {
        byte[] text = text(random, 2 + random.nextInt(12)).getBytes(StandardCharsets.UTF_8);
        for (int k = random.nextInt(4); k >= 0; k--) {
          int from = random.nextInt(text.length);
          text[from] = random.nextBoolean() ? (byte) random.nextInt(256) : text[0];
        }
        ways.check(
            plain.ids(ByteAlphabet.toToken(text, 0, text.length)),
            "seed %d round %d %s".formatted(seed, round, Arrays.toString(text)),
            text);
      }
    }
  }

  @Test
  void liesBetweenCharactersThatNoTokenJoins() {
    for (String pair : List.of("中車", "éü", "🌲🌳", "aé", "é車", "車🌲")) {
      String x = Character.toString(pair.codePointAt(0));
      String y = pair.substring(x.length());
      RandomBytes model = new RandomBytes(Options.NONE);
      model.join(form(x), form(y));
      int of = utf8(x);
      int both = utf8(pair);
      assertThat(ends(model, pair + x + pair))
          .as(pair)
          .containsExactly(both, both + of, 2 * both + of);
      for (String other : List.of("\u0080", "\u0905", "\u3042", "\ud800\udc00")) {
        int length = utf8(other);
        assertThat(ends(model, x + other + other + y))
            .as("%s in %s", other, pair)
            .containsExactly(of, of + length, of + 2 * length, both + 2 * length);
      }
    }
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void isHiddenByALongTokenOnlyWhereAllOfItStands() {
    RandomBytes model = new RandomBytes(Options.NONE);
    Random random = new Random(3);
    model.learn(form("中"), random);
    model.learn(form("車中"), random);
    model.merges.addAll(List.of(form("中"), form("車中")));
    model.token(form("中車中"));
    assertThat(ends(model, "中車語中車中")).containsExactly(3, 6, 9, 18);
  }

  @Test
  void isHiddenOnlyByAllBytesOfTheCharacterBesideAPair() {
    RandomBytes after = new RandomBytes(Options.NONE);
    after.join(form("車"), form("丸"));
    after.join(form("中"), form("車丸"));
    RandomBytes before = new RandomBytes(Options.NONE);
    before.join(form("丸"), form("中"));
    before.join(form("丸中"), form("車"));
    assertThat(ends(after, "中車丸")).containsExactly(9);
    assertThat(ends(before, "丸中車")).containsExactly(9);
    // U+3E38 and U+4E78 differ from U+4E38 in the first and the second byte, U+4E2D in the third.
    for (String other : List.of("\u3e38", "\u4e78", "\u4e2d")) {
      assertThat(ends(after, "中車" + other)).containsExactly(3, 6, 9);
      assertThat(ends(before, other + "中車")).containsExactly(3, 6, 9);
    }
  }

  @Test
  void looksAtWhatStandsBeforeAPairThatEndsAToken() {
    RandomBytes model = new RandomBytes(Options.NONE);
    Random random = new Random(4);
    model.learn(form("語"), random);
    model.learn(form("中車"), random);
    model.merges.addAll(List.of(form("中車"), form("語")));
    model.token(form("中車語"));
    assertThat(ends(model, "丸車語中車語")).containsExactly(3, 6, 9, 18);
  }

  private static List<Integer> ends(RandomBytes model, String text) {
    BpeModel bpe = ListedModel.of(model.entries, model.merges, Options.NONE);
    return ends(bpe.byteTables().barriers(), text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Integer> ends(MergeBarriers barriers, byte[] text) {
    List<Integer> ends = new ArrayList<>();
    for (int at = 0; at < text.length; at = ends.get(ends.size() - 1)) {
      ends.add(barriers.next(text, at, text.length));
    }
    return ends;
  }

  @Test
  void isHiddenByATokenOfPartsOfCharactersOnlyBetweenTheseParts() {
    RandomBytes endsWithin = new RandomBytes(Options.NONE);
    endsWithin.join(form("車"), form("中").substring(0, 2));
    assertThat(ends(endsWithin, "車中 中")).containsExactly(6, 7, 10);
    assertThat(ends(endsWithin, "車\u4e78")).containsExactly(3, 6); // E4 B9 instead of E4 B8
    RandomBytes beginsWithin = new RandomBytes(Options.NONE);
    beginsWithin.join(form("中").substring(1), "a");
    assertThat(ends(beginsWithin, "中a")).containsExactly(4);
    assertThat(ends(beginsWithin, "\u4e6da")).containsExactly(3, 4); // B9 AD instead of B8 AD
    RandomBytes afterFour = new RandomBytes(Options.NONE);
    afterFour.join(form("🌲"), form("中").substring(0, 1));
    assertThat(ends(afterFour, "🌲中")).containsExactly(7);
    assertThat(ends(afterFour, "🍲中")).containsExactly(4, 7); // 8D B2 instead of 8C B2
  }

  @Test
  void isNotBesideACharacterWithoutATokenOfItsOwn() {
    List<Entry> entries = new ArrayList<>();
    List<String> known = List.of("a", "é", "中", "🌲", "\u0080", "\u0800", "\ud800\udc00");
    known.forEach(character -> entries.add(new Entry(character, entries.size())));
    entries.add(new Entry("ñb", entries.size()));
    BpeModel model = ListedModel.of(entries, List.of(), Options.NONE);
    MergeBarriers barriers = MergeBarriers.ofCharacters(model.vocabulary(), model.merges());
    for (String character : known) {
      int length = utf8(character);
      assertThat(ends(barriers, ("a" + character + "a").getBytes(StandardCharsets.UTF_8)))
          .as(character)
          .containsExactly(1, 1 + length, 2 + length);
      for (int bit = 0; bit < 21; bit++) {
        int other = character.codePointAt(0) ^ 1 << bit;
        String text = "a" + Character.toString(Math.min(other, Character.MAX_CODE_POINT)) + "a";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // "?" for a lone surrogate
        if (!known.contains(text.substring(1, text.length() - 1))) {
          assertThat(ends(barriers, bytes)).as("U+%X", other).containsExactly(bytes.length);
        }
      }
    }
    assertThat(ends(barriers, "añb".getBytes(StandardCharsets.UTF_8))).containsExactly(4);
    for (String overlong : List.of("61C1A161", "61E083A961", "61F084B8AD61")) {
      byte[] bytes = HexFormat.of().parseHex(overlong);
      assertThat(ends(barriers, bytes)).as(overlong).containsExactly(bytes.length);
    }
  }

  @Test
  void isNotBesideBytesThatAreNoCharacter() {
    for (String character : List.of("é", "車", "🌲")) {
      byte[] text = character.getBytes(StandardCharsets.UTF_8);
      int expected = 0;
      for (int i = 0; i < text.length; i++) {
        expected |= (text[i] & 0xFF) << 8 * i;
      }
      for (int more : new int[] {0, 1, 4}) {
        byte[] bytes = Arrays.copyOf(text, text.length + more);
        assertThat(PackedCharacter.at(bytes, 0, bytes.length)).isEqualTo(expected);
        assertThat(PackedCharacter.at(bytes, 0, text.length - 1)).isZero();
        for (int i = 1; i < text.length; i++) {
          for (int wrong : new int[] {'a', 0xC3, 0}) {
            byte[] damaged = bytes.clone();
            damaged[i] = (byte) wrong;
            assertThat(PackedCharacter.at(damaged, 0, bytes.length))
                .as("%s with %d at %d", character, wrong, i)
                .isZero();
          }
        }
      }
      byte[] continued = Arrays.copyOf(text, text.length + 1);
      continued[text.length] = (byte) 0x80;
      assertThat(PackedCharacter.at(continued, 0, continued.length)).isZero();
      assertThat(PackedCharacter.at(continued, 0, text.length)).isEqualTo(expected);
    }
  }
}
