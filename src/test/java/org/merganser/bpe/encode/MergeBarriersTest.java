package org.merganser.bpe.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
        ways.check(
            plain.ids(form(text)),
            "seed %d round %d %s merges %s".formatted(seed, round, text, model.merges),
            text);
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
    RandomBytes model = new RandomBytes(Options.NONE);
    model.learn(form("中車"), new Random(1));
    assertThat(ends(model, "中車中中車")).containsExactly(6, 9, 15);
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
  void looksAtWhatStandsBeforeAPairThatEndsAToken() {
    RandomBytes model = new RandomBytes(Options.NONE);
    Random random = new Random(4);
    model.learn(form("語"), random);
    model.learn(form("中車"), random);
    model.merges.addAll(List.of(form("中車"), form("語")));
    model.token(form("中車語"));
    assertThat(ends(model, "丸車語中車語")).containsExactly(3, 6, 9, 18);
  }

  private static List<Integer> ends(RandomBytes model, String string) {
    MergeBarriers barriers =
        ListedModel.of(model.entries, model.merges, Options.NONE).byteTables().barriers();
    byte[] text = string.getBytes(StandardCharsets.UTF_8);
    List<Integer> ends = new ArrayList<>();
    for (int at = 0; at < text.length; at = ends.get(ends.size() - 1)) {
      ends.add(barriers.next(text, at, text.length));
    }
    return ends;
  }

  @Test
  void isHiddenByATokenThatEndsWithinTheNextCharacter() {
    RandomBytes model = new RandomBytes(Options.NONE);
    model.learn(form("車") + form("中").substring(0, 2), new Random(2));
    BpeModel bpe = ListedModel.of(model.entries, model.merges, Options.NONE);
    byte[] text = "車中 中".getBytes(StandardCharsets.UTF_8);
    assertThat(bpe.byteTables().barriers().next(text, 0, text.length)).isEqualTo(6);
  }
}
