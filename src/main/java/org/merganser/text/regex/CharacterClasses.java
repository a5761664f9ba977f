package org.merganser.text.regex;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.merganser.binary.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.Utf8;

/**
 * A partition of the code points into classes: two code points of one class are in the same ones of
 * the given sets, so that an automaton over these sets need not distinguish them. Immutable.
 *
 * <p>Equal blocks of 64 code points are stored once. ASCII's two blocks come first, so {@code
 * table()[b]} is the class of an ASCII byte.
 */
final class CharacterClasses {
  /** A class is one unsigned byte. */
  private static final int MAX_CLASSES = 256;

  private static final int BLOCK = 64;
  private static final int BLOCKS = CodePointSet.LIMIT / BLOCK;
  private static final int ASCII_BLOCKS = 2;

  private final char[] blockOf;
  private final byte[] table;
  private final List<Integer> examples;

  private CharacterClasses(char[] blockOf, byte[] table, List<Integer> examples) {
    this.blockOf = blockOf;
    this.table = table;
    this.examples = examples;
  }

  static Optional<CharacterClasses> of(List<CodePointSet> sets) {
    char[] blockOf = new char[BLOCKS];
    ByteBuilder table = new ByteBuilder(BLOCK * BLOCK);
    Map<LongBuffer, Integer> blocks = new HashMap<>();
    Map<BitSet, Integer> classes = new HashMap<>();
    List<Integer> examples = new ArrayList<>();
    long[] before = {};
    for (int i = 0; i < BLOCKS; i++) {
      long[] members = new long[sets.size()];
      for (int set = 0; set < members.length; set++) {
        members[set] = sets.get(set).membersOf64(i);
      }
      if (i >= ASCII_BLOCKS && Arrays.equals(members, before)) {
        blockOf[i] = blockOf[i - 1];
        continue;
      }
      before = members;
      Integer block = i < ASCII_BLOCKS ? null : blocks.get(LongBuffer.wrap(members));
      if (block == null) {
        block = table.length() / BLOCK;
        blocks.put(LongBuffer.wrap(members), block);
        for (int bit = 0; bit < BLOCK; bit++) {
          BitSet holders = holders(members, bit);
          if (!classes.containsKey(holders)) {
            classes.put(holders, examples.size());
            examples.add(i * BLOCK + bit);
          }
          table.append((byte) (int) classes.get(holders));
        }
        if (examples.size() > MAX_CLASSES) {
          return Optional.empty();
        }
      }
      blockOf[i] = (char) (int) block;
    }
    return Optional.of(
        new CharacterClasses(blockOf, Arrays.copyOf(table.bytes(), table.length()), examples));
  }

  private static BitSet holders(long[] members, int bit) {
    BitSet holders = new BitSet(members.length);
    for (int set = 0; set < members.length; set++) {
      holders.set(set, (members[set] & 1L << bit) != 0);
    }
    return holders;
  }

  int count() {
    return examples.size();
  }

  int example(int characterClass) {
    return examples.get(characterClass);
  }

  int at(byte[] text, int at) {
    int lead = text[at];
    if (lead >= 0) {
      return table[lead] & 0xFF;
    }
    return of(Utf8.codePoint(text, at));
  }

  int of(int codePoint) {
    return table[blockOf[codePoint >> 6] << 6 | codePoint & 63] & 0xFF;
  }
}
