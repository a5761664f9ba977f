package org.merganser.text.unicode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Case folding of Unicode 16, as Oniguruma's {@code (?i)} uses it: characters that fold to one
 * character, and those that fold to several (U+00DF to "ss"). Read from {@code
 * case-folding-unicode-16.txt}.
 */
public final class CaseFolding {
  static final String RESOURCE = "case-folding-unicode-16.txt";

  /** Reads the table when it is first needed. */
  private static final class Holder {
    static final CaseFolding INSTANCE = new CaseFolding(TableLines.read(RESOURCE));
  }

  /** By member, its group: the characters that fold to one character, which comes first. */
  private final Map<Integer, int[]> groups = new HashMap<>();

  /** By character that folds to several, its folding. */
  private final Map<Integer, List<Integer>> several = new TreeMap<>();

  /** By folding of several characters, the characters that fold to it. */
  private final Map<List<Integer>, List<Integer>> foldingTo = new HashMap<>();

  /**
   * @param lines each is a kind, a space, and code points: g for a group, whose first member is the
   *     folding of all; m for a character and its folding to several
   */
  private CaseFolding(List<String> lines) {
    for (String line : lines) {
      int[] numbers = TableLines.numbers(line, 2);
      switch (line.charAt(0)) {
        case 'g' -> addGroup(numbers);
        case 'm' -> addFoldingToSeveral(numbers);
        default -> throw new IllegalStateException(RESOURCE + ": line \"" + line + "\"");
      }
    }
  }

  private void addGroup(int[] members) {
    for (int member : members) {
      groups.put(member, members);
    }
  }

  private void addFoldingToSeveral(int[] memberAndFolding) {
    int member = memberAndFolding[0];
    List<Integer> folded = Arrays.stream(memberAndFolding).skip(1).boxed().toList();
    several.put(member, folded);
    foldingTo.computeIfAbsent(folded, f -> new ArrayList<>()).add(member);
  }

  /** The only instance. */
  public static CaseFolding get() {
    return Holder.INSTANCE;
  }

  /** The set and every character with the folding of one of its members. */
  public CodePointSet closure(CodePointSet set) {
    CodePointSet.Builder closed = new CodePointSet.Builder().addAll(set);
    groups.forEach(
        (member, group) -> {
          if (set.contains(member)) {
            for (int other : group) {
              closed.add(other);
            }
          }
        });
    several.forEach(
        (member, folded) -> {
          if (set.contains(member)) {
            foldingTo.getOrDefault(folded, List.of()).forEach(closed::add);
          }
        });
    return closed.build();
  }

  /** The characters with the folding of a character to one character, itself included. */
  public CodePointSet closure(int codePoint) {
    CodePointSet.Builder closed = new CodePointSet.Builder();
    for (int other : group(codePoint)) {
      closed.add(other);
    }
    return closed.build();
  }

  /** Whether a member of the set folds to several characters. */
  public boolean hasFoldingToSeveral(CodePointSet set) {
    return several.keySet().stream().anyMatch(set::contains);
  }

  /**
   * Whether some character folds to several of which the first two are the foldings of {@code
   * first} and {@code second}.
   */
  public boolean beginsFoldingToSeveral(int first, int second) {
    List<Integer> folded = List.of(fold(first), fold(second));
    return foldingTo.keySet().stream().anyMatch(each -> each.subList(0, 2).equals(folded));
  }

  /** The character to which a character folds; itself if it folds to several. */
  int fold(int codePoint) {
    return group(codePoint)[0];
  }

  /** The group of a character; the character alone if it has none. */
  private int[] group(int codePoint) {
    return groups.getOrDefault(codePoint, new int[] {codePoint});
  }
}
