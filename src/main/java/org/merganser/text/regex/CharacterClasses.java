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
 * A partition of the code points into classes: each of the given sets contains all code points of a
 * class or none, so that an automaton over these sets need not distinguish them. Immutable.
 *
 * <p>Equal blocks of 64 code points are stored once, except ASCII's two blocks, which come first:
 * so {@code table[b]} is the class of an ASCII byte.
 */
final class CharacterClasses {
  /** A class is one unsigned byte. */
  private static final int MAX_CLASSES = 256;

  /** The number of lower bits of a code point that are its place in a block. */
  private static final int BLOCK_BITS = 6;

  /** The code points of a block. */
  private static final int BLOCK = 1 << BLOCK_BITS;

  /** The number of blocks of all code points. */
  private static final int BLOCKS = CodePointSet.LIMIT / BLOCK;

  /** The number of blocks of ASCII, which come first. */
  private static final int ASCII_BLOCKS = 2;

  /** By block of code points, the number of its classes in {@link #table}. */
  private final char[] blockOf;

  /** The classes of the code points of each distinct block. */
  private final byte[] table;

  /** By class, one of its code points. */
  private final List<Integer> examples;

  private CharacterClasses(char[] blockOf, byte[] table, List<Integer> examples) {
    this.blockOf = blockOf;
    this.table = table;
    this.examples = examples;
  }

  /** The classes of some sets; empty if there are more than {@link #MAX_CLASSES}. */
  static Optional<CharacterClasses> of(List<CodePointSet> sets) {
    char[] blockOf = new char[BLOCKS];
    Map<LongBuffer, Integer> knownBlocks = new HashMap<>();
    ClassTable classes = new ClassTable();
    long[] before = {};
    for (int i = 0; i < BLOCKS; i++) {
      long[] members = membersOfBlock(sets, i);
      if (i >= ASCII_BLOCKS && Arrays.equals(members, before)) {
        blockOf[i] = blockOf[i - 1];
        continue;
      }
      before = members;
      Integer block = i < ASCII_BLOCKS ? null : knownBlocks.get(LongBuffer.wrap(members));
      if (block == null) {
        block = classes.addBlock(members, i * BLOCK);
        knownBlocks.put(LongBuffer.wrap(members), block);
        if (classes.examples.size() > MAX_CLASSES) {
          return Optional.empty();
        }
      }
      blockOf[i] = (char) (int) block;
    }
    return Optional.of(
        new CharacterClasses(blockOf, classes.table.toByteArray(), classes.examples));
  }

  /** The number of classes. */
  int count() {
    return examples.size();
  }

  /** A code point of a class. */
  int example(int characterClass) {
    return examples.get(characterClass);
  }

  /** The class of the character at a place. */
  int classAt(byte[] text, int at) {
    int lead = text[at];
    if (lead >= 0) {
      return table[lead] & 0xFF;
    }
    return classOf(Utf8.codePoint(text, at));
  }

  /** The class of a code point. */
  int classOf(int codePoint) {
    int block = blockOf[codePoint >> BLOCK_BITS];
    return table[(block << BLOCK_BITS) | (codePoint & (BLOCK - 1))] & 0xFF;
  }

  /** By set, its members in a block, a bit each. */
  private static long[] membersOfBlock(List<CodePointSet> sets, int block) {
    long[] members = new long[sets.size()];
    for (int set = 0; set < members.length; set++) {
      members[set] = sets.get(set).membersOf64(block);
    }
    return members;
  }

  /** Collects the classes of distinct blocks. */
  private static final class ClassTable {
    /** The classes of the code points of each block so far. */
    private final ByteBuilder table = new ByteBuilder(64 * BLOCK);

    /** By the sets that contain a code point, its class. */
    private final Map<BitSet, Integer> classes = new HashMap<>();

    /** By class, its first code point. */
    private final List<Integer> examples = new ArrayList<>();

    /**
     * Adds the classes of a block that begins at {@code firstCodePoint}; returns its number.
     *
     * @param members by set, its members in the block
     */
    int addBlock(long[] members, int firstCodePoint) {
      int number = table.length() / BLOCK;
      for (int bit = 0; bit < BLOCK; bit++) {
        BitSet containing = new BitSet(members.length);
        for (int set = 0; set < members.length; set++) {
          containing.set(set, (members[set] & (1L << bit)) != 0);
        }
        if (!classes.containsKey(containing)) {
          classes.put(containing, examples.size());
          examples.add(firstCodePoint + bit);
        }
        table.append((byte) (int) classes.get(containing));
      }
      return number;
    }
  }
}
