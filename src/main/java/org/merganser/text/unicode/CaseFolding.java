package org.merganser.text.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Case folding of Unicode 16, as Oniguruma's {@code (?i)} goes by: the characters that fold to the
 * same one, and those that fold to several (U+00DF to "ss"). Read from {@code
 * case-folding-unicode-16.txt}.
 */
public final class CaseFolding {
  static final String RESOURCE = "case-folding-unicode-16.txt";

  private static final class Holder {
    static final CaseFolding INSTANCE = new CaseFolding(TableLines.read(RESOURCE));
  }

  /** For a character, the others with the same folding and itself. */
  private final Map<Integer, int[]> groups = new HashMap<>();

  /** Characters that fold to several. */
  private final CodePointSet multiple;

  /** What they fold to. */
  private final List<int[]> sequences = new ArrayList<>();

  private CaseFolding(List<String> lines) {
    CodePointSet.Builder builder = new CodePointSet.Builder();
    for (String line : lines) {
      int[] numbers =
          Arrays.stream(line.substring(2).split(" ", -1))
              .mapToInt(word -> Integer.parseInt(word, 16))
              .toArray();
      if (line.charAt(0) == 'g') {
        for (int member : numbers) {
          groups.put(member, numbers);
        }
      } else {
        builder.add(numbers[0]);
        sequences.add(Arrays.copyOfRange(numbers, 1, numbers.length));
      }
    }
    multiple = builder.build();
  }

  public static CaseFolding get() {
    return Holder.INSTANCE;
  }

  /** The set and all that folds to what one of its members folds to. */
  public CodePointSet close(CodePointSet set) {
    CodePointSet.Builder closed = new CodePointSet.Builder().addAll(set);
    groups.forEach(
        (member, group) -> {
          if (set.contains(member)) {
            for (int other : group) {
              closed.add(other);
            }
          }
        });
    return closed.build();
  }

  public CodePointSet close(int codePoint) {
    CodePointSet.Builder closed = new CodePointSet.Builder();
    for (int other : group(codePoint)) {
      closed.add(other);
    }
    return closed.build();
  }

  private int[] group(int codePoint) {
    return groups.getOrDefault(codePoint, new int[] {codePoint});
  }

  /** The first member that folds to several characters, or -1. */
  public int firstMultiple(CodePointSet set) {
    return set.intersection(multiple).next(0);
  }

  /** Whether the folding of a character to several may stand in a literal text. */
  public boolean holdsSequence(List<Integer> literal) {
    for (int[] sequence : sequences) {
      for (int at = 0; at + sequence.length <= literal.size(); at++) {
        int matched = 0;
        while (matched < sequence.length
            && isIn(group(literal.get(at + matched)), sequence[matched])) {
          matched++;
        }
        if (matched == sequence.length) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isIn(int[] group, int codePoint) {
    return Arrays.stream(group).anyMatch(member -> member == codePoint);
  }
}
