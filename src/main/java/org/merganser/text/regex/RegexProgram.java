package org.merganser.text.regex;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexMatcher.FirstBytes;
import org.merganser.text.regex.RegexNode.Mode;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.Utf8;

/**
 * A regular expression as a program for {@link BacktrackingMatcher}: instructions of one int and
 * their operands back to back. A match is what the first path through the program to the outermost
 * ACCEPT has consumed; BRANCH and the RUNs say which path comes first, as the regex's order of
 * alternatives and its quantifiers ask. Immutable; one for any number of matchers.
 */
final class RegexProgram {
  /** The path ends here. */
  static final int ACCEPT = 0;

  /** {@code CHARS literal}: the bytes of a literal. */
  static final int CHARS = 1;

  /** {@code SET set}: a character of a set. */
  static final int SET = 2;

  /** {@code BRANCH first second}: goes on at the first place, and if that fails at the second. */
  static final int BRANCH = 3;

  /** {@code JUMP to}. */
  static final int JUMP = 4;

  /** {@code CHOOSE table}: tries the alternatives that can begin with the next byte, in order. */
  static final int CHOOSE = 5;

  /** {@code RUN set min max}: as many characters of a set as possible, giving back one by one. */
  static final int RUN = 6;

  /** {@code LAZY_RUN set min max}: as few as possible. */
  static final int LAZY_RUN = 7;

  /** {@code FIXED_RUN set min max}: as many as possible, giving none back. */
  static final int FIXED_RUN = 8;

  /** {@code MARK register}: notes where a turn of a loop begins. */
  static final int MARK = 9;

  /** {@code UNLESS_MOVED register to}: leaves a loop whose turn has consumed nothing. */
  static final int UNLESS_MOVED = 10;

  /** {@code ATOMIC end}: the body up to ACCEPT as one step; goes on at the end. */
  static final int ATOMIC = 11;

  /** {@code AHEAD negative end}: whether the body matches here; consumes nothing. */
  static final int AHEAD = 12;

  /** {@code BEHIND negative end min max}: whether the body matches up to here. */
  static final int BEHIND = 13;

  /** As ACCEPT, but only where the look-behind began. */
  static final int ACCEPT_BEHIND = 14;

  /** {@code ASSERT anchor}. */
  static final int ASSERT = 15;

  /** {@code CAPTURE_START slot}: a group begins here, and has no end yet. */
  static final int CAPTURE_START = 16;

  /** {@code CAPTURE_END slot}: the group ends here. */
  static final int CAPTURE_END = 17;

  /** {@code BACK_REFERENCE reference}: the text that a group has captured. */
  static final int BACK_REFERENCE = 18;

  /** {@code KEEP}: the match is told to begin here. */
  static final int KEEP = 19;

  /** The slot of a place that KEEP notes; a group has the two behind it. */
  static final int KEPT = 0;

  /** Larger programs come from intervals in intervals, and say so. */
  private static final int MAX_SIZE = 1 << 18;

  private int[] code = new int[64];
  private int size;
  private int registers;
  private final List<CodePointSet> sets = new ArrayList<>();
  private final Map<CodePointSet, Integer> setNumbers = new HashMap<>();
  private final List<RegexNode.Anchor> anchors = new ArrayList<>();
  private final List<byte[]> literals = new ArrayList<>();
  private final List<int[][]> choices = new ArrayList<>();
  private final List<Integer> runs = new ArrayList<>();
  private final List<Reference> references = new ArrayList<>();

  /** By group, the slot of its beginning; that of its end is the next one. */
  private final Map<Integer, Integer> slots = new HashMap<>();

  private boolean keeps;
  private final String regex;
  private final FirstBytes firstBytes;

  /**
   * What a back-reference asks.
   *
   * @param slots of the groups, in the order in which they are asked
   */
  record Reference(List<Integer> slots, boolean ignoreCase) {}

  private RegexProgram(String regex, RegexNode root) {
    this.regex = regex;
    firstBytes = new FirstBytes(root);
    emit(root);
    put(ACCEPT);
    code = Arrays.copyOf(code, size);
    runs.forEach(this::fixWhereGivingBackIsVain);
  }

  /**
   * @throws IllegalArgumentException where the program would be too large
   */
  static RegexProgram compile(String regex, RegexNode root) {
    return new RegexProgram(regex, root);
  }

  String regex() {
    return regex;
  }

  int[] code() {
    return code;
  }

  int registers() {
    return registers;
  }

  /** The number of slots for what is captured, 0 if nothing is. */
  int slots() {
    return slots.isEmpty() && !keeps ? 0 : 1 + 2 * slots.size();
  }

  Reference[] references() {
    return references.toArray(new Reference[0]);
  }

  CodePointSet[] sets() {
    return sets.toArray(new CodePointSet[0]);
  }

  RegexNode.Anchor[] anchors() {
    return anchors.toArray(new RegexNode.Anchor[0]);
  }

  byte[][] literals() {
    return literals.toArray(new byte[0][]);
  }

  /** For each CHOOSE and next byte (256: the end of the text), the places to try in order. */
  int[][][] choices() {
    return choices.toArray(new int[0][][]);
  }

  /** The bytes with which a match may begin. */
  FirstBytes firstBytes() {
    return firstBytes;
  }

  /** The set of an unbounded run with which every match begins; null if there is none. */
  @Nullable CodePointSet leadingRun() {
    boolean run = code[0] == RUN || code[0] == LAZY_RUN || code[0] == FIXED_RUN;
    return run && code[3] == RegexNode.UNBOUNDED ? sets.get(code[1]) : null;
  }

  private int put(int... instruction) {
    if (size + instruction.length > MAX_SIZE) {
      throw new IllegalArgumentException(
          "regex \"" + regex + "\": intervals in intervals make it too large; write it shorter");
    }
    if (size + instruction.length > code.length) {
      code = Arrays.copyOf(code, 2 * code.length + instruction.length);
    }
    System.arraycopy(instruction, 0, code, size, instruction.length);
    size += instruction.length;
    return size - instruction.length;
  }

  private void emit(RegexNode node) {
    if (node instanceof RegexNode.Char one) {
      literals.add(Character.toString(one.codePoint()).getBytes(StandardCharsets.UTF_8));
      put(CHARS, literals.size() - 1);
    } else if (node instanceof RegexNode.Set one) {
      put(SET, number(one.set()));
    } else if (node instanceof RegexNode.Concat concat) {
      concat.parts().forEach(this::emit);
    } else if (node instanceof RegexNode.Alternation alternation) {
      emitAlternation(alternation);
    } else if (node instanceof RegexNode.Repeat repeat) {
      emitRepeat(repeat);
    } else if (node instanceof RegexNode.Atomic atomic) {
      emitAtomic(atomic.body());
    } else if (node instanceof RegexNode.Look look) {
      emitLook(look);
    } else if (node instanceof RegexNode.Assertion assertion) {
      anchors.add(assertion.anchor());
      put(ASSERT, anchors.size() - 1);
    } else if (node instanceof RegexNode.Capture capture) {
      put(CAPTURE_START, slot(capture.group()));
      emit(capture.body());
      put(CAPTURE_END, slot(capture.group()));
    } else if (node instanceof RegexNode.BackReference reference) {
      references.add(
          new Reference(
              reference.groups().stream().map(this::slot).toList(), reference.ignoreCase()));
      put(BACK_REFERENCE, references.size() - 1);
    } else if (node instanceof RegexNode.Keep) {
      keeps = true;
      put(KEEP);
    } else {
      throw new IllegalStateException(node + " is in no program");
    }
  }

  private int slot(int group) {
    return slots.computeIfAbsent(group, g -> 1 + 2 * slots.size());
  }

  private int number(CodePointSet set) {
    return setNumbers.computeIfAbsent(
        set,
        s -> {
          sets.add(s);
          return sets.size() - 1;
        });
  }

  private void emitAlternation(RegexNode.Alternation alternation) {
    int[][] table = new int[257][];
    choices.add(table);
    put(CHOOSE, choices.size() - 1);
    List<RegexNode> bodies = alternation.choices();
    int[] starts = new int[bodies.size()];
    int[] jumps = new int[bodies.size()];
    for (int i = 0; i < bodies.size(); i++) {
      starts[i] = size;
      emit(bodies.get(i));
      jumps[i] = put(JUMP, 0);
    }
    for (int jump : jumps) {
      code[jump + 1] = size;
    }
    boolean[][] first = new boolean[bodies.size()][256];
    boolean[] empty = new boolean[bodies.size()];
    for (int i = 0; i < bodies.size(); i++) {
      empty[i] = bodies.get(i).firstBytes(first[i]);
    }
    for (int next = 0; next <= 256; next++) {
      int[] places = new int[bodies.size()];
      int count = 0;
      for (int i = 0; i < bodies.size(); i++) {
        if (empty[i] || (next < 256 && first[i][next])) {
          places[count++] = starts[i];
        }
      }
      table[next] = Arrays.copyOf(places, count);
    }
  }

  private void emitRepeat(RegexNode.Repeat repeat) {
    CodePointSet single = repeat.body().singleCharacter();
    if (single != null) {
      int run =
          switch (repeat.mode()) {
            case GREEDY -> RUN;
            case LAZY -> LAZY_RUN;
            case POSSESSIVE -> FIXED_RUN;
          };
      int at = put(run, number(single), repeat.min(), repeat.max());
      if (run == RUN) {
        runs.add(at);
      }
    } else if (repeat.mode() == Mode.POSSESSIVE) {
      emitAtomic(new RegexNode.Repeat(repeat.body(), repeat.min(), repeat.max(), Mode.GREEDY));
    } else {
      for (int i = 0; i < repeat.min(); i++) {
        emit(repeat.body());
      }
      if (repeat.max() == RegexNode.UNBOUNDED) {
        emitLoop(repeat.body(), repeat.mode() == Mode.LAZY);
      } else {
        emitOptional(repeat.body(), repeat.max() - repeat.min(), repeat.mode() == Mode.LAZY);
      }
    }
  }

  /**
   * A run gives nothing back where the match, or the body, ends behind it, and where the next
   * character must be one that the run can't have taken.
   */
  private void fixWhereGivingBackIsVain(int run) {
    int next = run + 4;
    while (code[next] == JUMP) {
      next = code[next + 1];
    }
    CodePointSet set = sets.get(code[run + 1]);
    boolean vain =
        switch (code[next]) {
          case ACCEPT -> true;
          case CHARS -> {
            byte[] literal = literals.get(code[next + 1]);
            yield !set.contains(Utf8.codePoint(literal, 0));
          }
          case SET -> set.isDisjointFrom(sets.get(code[next + 1]));
          case RUN, LAZY_RUN, FIXED_RUN ->
              code[next + 2] > 0 && set.isDisjointFrom(sets.get(code[next + 1]));
          default -> false;
        };
    if (vain) {
      code[run] = FIXED_RUN;
    }
  }

  private void emitOptional(RegexNode body, int times, boolean lazy) {
    List<Integer> branches = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      int branch = put(BRANCH, 0, 0);
      branches.add(branch);
      code[branch + (lazy ? 2 : 1)] = size;
      emit(body);
    }
    for (int branch : branches) {
      code[branch + (lazy ? 1 : 2)] = size;
    }
  }

  private void emitLoop(RegexNode body, boolean lazy) {
    int register = body.minLength() == 0 ? registers++ : -1;
    int branch = put(BRANCH, 0, 0);
    code[branch + (lazy ? 2 : 1)] = size;
    int check = -1;
    if (register >= 0) {
      put(MARK, register);
    }
    emit(body);
    if (register >= 0) {
      check = put(UNLESS_MOVED, register, 0);
    }
    put(JUMP, branch);
    code[branch + (lazy ? 1 : 2)] = size;
    if (check >= 0) {
      code[check + 2] = size;
    }
  }

  private void emitAtomic(RegexNode body) {
    int atomic = put(ATOMIC, 0);
    emit(body);
    put(ACCEPT);
    code[atomic + 1] = size;
  }

  private void emitLook(RegexNode.Look look) {
    int negative = look.negative() ? 1 : 0;
    int at =
        look.ahead()
            ? put(AHEAD, negative, 0)
            : put(BEHIND, negative, 0, look.body().minLength(), look.body().maxLength());
    emit(look.body());
    put(look.ahead() ? ACCEPT : ACCEPT_BEHIND);
    code[at + 2] = size;
  }
}
