package org.merganser.text;

import java.util.List;
import java.util.Random;
import org.merganser.TestResources;

/** Random documents from pieces at which implementations err, with the places they err at apart. */
public final class NastyText {
  private static final List<String> SPLIT_PIECES = TestResources.list("text/split-pieces.json");
  private static final List<String> COMPONENT_PIECES =
      TestResources.list("text/component-pieces.json");
  private static final List<String> TOKENIZER_PIECES =
      TestResources.list("text/tokenizer-pieces.json");

  private NastyText() {}

  /**
   * A document of up to {@code most} pieces at which the split patterns differ; now and then one
   * piece is repeated often.
   */
  public static String forSplits(Random random, int most) {
    StringBuilder text = new StringBuilder();
    // Some documents draw from few pieces, so that rare neighbours meet.
    int kinds = random.nextInt(4) == 0 ? 3 : SPLIT_PIECES.size();
    int offset = random.nextInt(SPLIT_PIECES.size());
    boolean plain = random.nextInt(3) == 0;
    for (int pieces = random.nextInt(most + 1); pieces > 0; pieces--) {
      if (plain && random.nextInt(8) != 0) {
        text.append(random.nextBoolean() ? "word" : random.nextBoolean() ? " the" : "s, ");
        continue;
      }
      String piece = SPLIT_PIECES.get((offset + random.nextInt(kinds)) % SPLIT_PIECES.size());
      text.append(piece.repeat(random.nextInt(40) == 0 ? random.nextInt(90) : 1));
    }
    return text.toString();
  }

  /** A document of 1 to {@code most} pieces and scalar values, for normalizers and regexes. */
  public static String forComponents(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> text.appendCodePoint(scalar(random.nextInt(0x110000)));
        case 1 -> text.appendCodePoint(scalar(random.nextInt(0x3000)));
        case 2 -> text.append((char) random.nextInt(0x80));
        case 3 -> text.append(piece(COMPONENT_PIECES, random).repeat(1 + random.nextInt(4)));
        default -> text.append(piece(COMPONENT_PIECES, random));
      }
    }
    return text.toString();
  }

  private static int scalar(int codePoint) {
    return codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint;
  }

  private static String piece(List<String> pieces, Random random) {
    return pieces.get(random.nextInt(pieces.size()));
  }

  /**
   * A document of up to {@code most} pieces at which tokenizers go wrong (see messy/README.md),
   * sometimes with any assigned character between.
   */
  public static String forTokenizers(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      if (random.nextInt(12) == 0) {
        text.appendCodePoint(anyCharacter(random));
      } else {
        String piece = piece(TOKENIZER_PIECES, random);
        text.append(piece.repeat(random.nextInt(8) == 0 ? 1 + random.nextInt(4) : 1));
      }
    }
    return text.toString();
  }

  /** Assigned in the JDK's Unicode, which is older than every HF's: all agree about these. */
  private static int anyCharacter(Random random) {
    while (true) {
      int c = random.nextInt(random.nextBoolean() ? 0x3000 : 0x20000);
      if (Character.isDefined(c) && Character.getType(c) != Character.SURROGATE) {
        return c;
      }
    }
  }

  /** All pieces of {@link #forTokenizers} in a row: text for small vocabularies. */
  public static String all() {
    return String.join(" ", TOKENIZER_PIECES);
  }
}
