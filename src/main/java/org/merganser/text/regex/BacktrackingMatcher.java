package org.merganser.text.regex;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.text.regex.RegexNode.Anchor;
import org.merganser.text.unicode.CaseFolding;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.GraphemeClusters;
import org.merganser.text.unicode.RegexProperties;
import org.merganser.text.unicode.Utf8;

/**
 * Runs a {@link RegexProgram} over UTF-8 bytes, by backtracking with a stack of its own: no text is
 * decoded or copied, and no text makes it run out of Java's stack. For the regexes that an {@link
 * Nfa} can't express, and the slow twin of {@link DfaMatcher} for the others.
 *
 * <p>The time of a search is not bounded by the length of the text: what one attempt passes over in
 * vain, the next may pass over again, but for a run with which the regex begins.
 *
 * <p>The class is one algorithm: a loop over the instructions, with the ways back, the registers
 * and the slots that all of them share, and below it what single instructions look for in the text.
 */
final class BacktrackingMatcher extends RegexMatcher {
  /** Steps in one attempt; HF's engine gives up after going back 10 million times. */
  private static final long ATTEMPT_STEPS = 100_000_000;

  /** Steps in all attempts over a text, some ten seconds ... */
  private static final long TEXT_STEPS = 1_000_000_000;

  /** ... and for each of its bytes. */
  private static final long BYTE_STEPS = 1_000;

  /** Bytes passed over or compared in one go that cost as much as a step back. */
  private static final int STEP_BYTES = 8;

  /** An entry of the stack: what to do on the way back, and three values. */
  private static final int ENTRY = 4;

  /** Go on at [1] with the text at [2]. */
  private static final int GO_ON = 0;

  /** A RUN of the instruction at [1] has come to [2] and may give back down to [3]. */
  private static final int GIVE_BACK = 1;

  /** A LAZY_RUN of the instruction at [1] has come to [2] and may take [3] characters more. */
  private static final int TAKE_MORE = 2;

  /** Register [1] was [2] before. */
  private static final int RESTORE = 3;

  /** Slot [1] was [2] before; stays on the stack where an atomic group or a look ends. */
  private static final int UNCAPTURE = 4;

  private static final int NOWHERE = -1;

  private final RegexProgram program;
  private final int[] code;
  private final CodePointSet[] sets;
  private final byte[][] literals;
  private final int[][][] choices;
  private final CodePointSet word = RegexProperties.wordOutsideBrackets();
  private final Anchor[] anchors;
  private final @Nullable CodePointSet leadingRun;
  private final int[] registers;
  private final int[] slots;
  private final RegexProgram.Reference[] references;
  private final CaseFolding folding = CaseFolding.get();
  private int[] stack = new int[64 * ENTRY];
  private int top;
  private final long attemptSteps;
  private final long textSteps;

  /** Steps back, and bytes passed over by their cost, since the text was given. */
  private long steps;

  /** The steps at which to give up: those of the attempt or of the text. */
  private long mostSteps;

  private long attempts;

  private int behindEnd;

  /** The regional indicators without a gap before a place, and the place. */
  private int regionals;

  private int regionalsAt = NOWHERE;

  BacktrackingMatcher(RegexProgram program) {
    this(program, ATTEMPT_STEPS, TEXT_STEPS);
  }

  /** A matcher with its own bounds of the steps in one attempt and in all over a text. */
  BacktrackingMatcher(RegexProgram program, long attemptSteps, long textSteps) {
    super(program.firstBytes());
    this.program = program;
    this.attemptSteps = attemptSteps;
    this.textSteps = textSteps;
    code = program.code();
    sets = program.sets();
    literals = program.literals();
    anchors = program.anchors();
    choices = program.choices();
    leadingRun = program.leadingRun();
    registers = new int[program.registers()];
    slots = new int[program.slots()];
    references = program.references();
  }

  @Override
  public void reset(byte[] newText, int newFrom, int newTo) {
    super.reset(newText, newFrom, newTo);
    steps = 0;
    regionalsAt = NOWHERE;
  }

  /** The attempts up to now. */
  long attempts() {
    return attempts;
  }

  /**
   * Where a match would start within a run that begins the regex, another would with the whole run:
   * after one attempt in vain there is none before the run's end.
   */
  @Override
  int nextStart(int at) {
    int next = super.nextStart(at);
    return leadingRun == null
        ? next
        : Math.max(next, leadingRun.runEnd(text, at, to, RegexNode.UNBOUNDED));
  }

  @Override
  int matchEnd(int at) {
    attempts++;
    top = 0;
    Arrays.fill(slots, NOWHERE);
    steps++;
    mostSteps = Math.min(steps + attemptSteps, textSteps + BYTE_STEPS * (to - from));
    return run(0, at);
  }

  @Override
  int matchStart(int at) {
    return slots.length > 0 && slots[RegexProgram.KEPT] != NOWHERE ? slots[RegexProgram.KEPT] : at;
  }

  /** Runs from {@code pc} to its ACCEPT; the end of what was consumed, or -1. */
  private int run(int pc, int at) {
    int[] code = this.code;
    byte[] text = this.text;
    int to = this.to;
    int base = top;
    while (true) {
      boolean failed = false;
      switch (code[pc]) {
        case RegexProgram.ACCEPT -> {
          keepCaptures(base);
          return at;
        }
        case RegexProgram.ACCEPT_BEHIND -> {
          if (at == behindEnd) {
            keepCaptures(base);
            return at;
          }
          failed = true;
        }
        case RegexProgram.CHARS -> {
          byte[] literal = literals[code[pc + 1]];
          if (standsAt(literal, at)) {
            at += literal.length;
            pc += 2;
          } else {
            failed = true;
          }
        }
        case RegexProgram.SET -> {
          if (at < to && sets[code[pc + 1]].contains(Utf8.codePoint(text, at))) {
            at += CodePoints.length(text[at]);
            pc += 2;
          } else {
            failed = true;
          }
        }
        case RegexProgram.BRANCH -> {
          push(GO_ON, code[pc + 2], at, 0);
          pc = code[pc + 1];
        }
        case RegexProgram.JUMP -> pc = code[pc + 1];
        case RegexProgram.CHOOSE -> {
          int[] places = choices[code[pc + 1]][at < to ? text[at] & 0xFF : 256];
          for (int i = places.length - 1; i > 0; i--) {
            push(GO_ON, places[i], at, 0);
          }
          failed = places.length == 0;
          pc = failed ? pc : places[0];
        }
        case RegexProgram.RUN, RegexProgram.FIXED_RUN -> {
          CodePointSet set = sets[code[pc + 1]];
          int min = code[pc + 2];
          int max = code[pc + 3];
          int least = min == 0 ? at : runEnd(set, at, min);
          if (least < 0) {
            failed = true;
          } else {
            int left = max == RegexNode.UNBOUNDED ? max : max - min;
            int most = left == 0 ? least : set.runEnd(text, least, to, left);
            steps += (most - at) / STEP_BYTES;
            if (code[pc] == RegexProgram.RUN && most > least) {
              push(GIVE_BACK, pc, most, least);
            }
            at = most;
            pc += 4;
          }
        }
        case RegexProgram.LAZY_RUN -> {
          int least = runEnd(sets[code[pc + 1]], at, code[pc + 2]);
          if (least < 0) {
            failed = true;
          } else {
            int more =
                code[pc + 3] == RegexNode.UNBOUNDED
                    ? RegexNode.UNBOUNDED
                    : code[pc + 3] - code[pc + 2];
            if (more > 0) {
              push(TAKE_MORE, pc, least, more);
            }
            at = least;
            pc += 4;
          }
        }
        case RegexProgram.MARK -> {
          push(RESTORE, code[pc + 1], registers[code[pc + 1]], 0);
          registers[code[pc + 1]] = at;
          pc += 2;
        }
        case RegexProgram.UNLESS_MOVED ->
            pc = at == registers[code[pc + 1]] ? code[pc + 2] : pc + 3;
        case RegexProgram.ATOMIC -> {
          int bodyEnd = run(pc + 2, at);
          failed = bodyEnd < 0;
          at = failed ? at : bodyEnd;
          pc = code[pc + 1];
        }
        case RegexProgram.AHEAD -> {
          boolean negative = code[pc + 1] == 1;
          int before = top;
          failed = run(pc + 3, at) >= 0 == negative;
          if (negative) {
            forgetCaptures(before);
          }
          pc = code[pc + 2];
        }
        case RegexProgram.BEHIND -> {
          failed = matchesBehind(pc, at) == (code[pc + 1] == 1);
          pc = code[pc + 2];
        }
        case RegexProgram.ASSERT -> {
          failed = !holds(anchors[code[pc + 1]], at);
          pc += 2;
        }
        case RegexProgram.CAPTURE_START -> {
          int slot = code[pc + 1];
          capture(slot, at);
          capture(slot + 1, NOWHERE);
          pc += 2;
        }
        case RegexProgram.CAPTURE_END -> {
          capture(code[pc + 1] + 1, at);
          pc += 2;
        }
        case RegexProgram.BACK_REFERENCE -> {
          int end = referenceEnd(references[code[pc + 1]], at);
          failed = end < 0;
          at = failed ? at : end;
          pc += 2;
        }
        case RegexProgram.KEEP -> {
          capture(RegexProgram.KEPT, at);
          pc++;
        }
        default -> throw new IllegalStateException("instruction " + code[pc] + " at " + pc);
      }
      while (failed) {
        if (top == base) {
          return -1;
        }
        if (++steps > mostSteps) {
          throw tooManySteps(at);
        }
        int entry = top - ENTRY;
        switch (stack[entry]) {
          case GO_ON -> {
            top = entry;
            pc = stack[entry + 1];
            at = stack[entry + 2];
            failed = false;
          }
          case GIVE_BACK -> {
            pc = stack[entry + 1] + 4;
            at = giveBack(pc, stack[entry + 2], stack[entry + 3]);
            failed = at < 0;
            if (failed || at == stack[entry + 3]) {
              top = entry;
            } else {
              stack[entry + 2] = at;
            }
          }
          case TAKE_MORE -> {
            pc = stack[entry + 1];
            at = stack[entry + 2];
            if (at < to && sets[code[pc + 1]].contains(Utf8.codePoint(text, at))) {
              at += CodePoints.length(text[at]);
              stack[entry + 2] = at;
              if (stack[entry + 3] != RegexNode.UNBOUNDED && --stack[entry + 3] == 0) {
                top = entry;
              }
              pc += 4;
              failed = false;
            } else {
              top = entry;
            }
          }
          case UNCAPTURE -> {
            slots[stack[entry + 1]] = stack[entry + 2];
            top = entry;
          }
          default -> {
            registers[stack[entry + 1]] = stack[entry + 2];
            top = entry;
          }
        }
      }
    }
  }

  private RegexLimitException tooManySteps(int at) {
    boolean inAttempt = mostSteps < textSteps + BYTE_STEPS * (to - from);
    return new RegexLimitException(
        "regex \""
            + program.regex()
            + "\" took more than "
            + (inAttempt ? attemptSteps + " steps back in one attempt" : mostSteps + " steps")
            + " over a text of "
            + (to - from)
            + " bytes, about byte "
            + (at - from)
            + "; write it so that its parts don't overlap");
  }

  private void capture(int slot, int at) {
    push(UNCAPTURE, slot, slots[slot], 0);
    slots[slot] = at;
  }

  /** Drops the ways to go on that lie above {@code base}, but not what sets captures back. */
  private void keepCaptures(int base) {
    int kept = base;
    if (slots.length > 0) {
      for (int entry = base; entry < top; entry += ENTRY) {
        if (stack[entry] == UNCAPTURE) {
          System.arraycopy(stack, entry, stack, kept, ENTRY);
          kept += ENTRY;
        }
      }
    }
    top = kept;
  }

  /** Sets captures back that lie above {@code base}. */
  private void forgetCaptures(int base) {
    for (; top > base; top -= ENTRY) {
      slots[stack[top - ENTRY + 1]] = stack[top - ENTRY + 2];
    }
  }

  /** The end of what a back-reference matches from {@code at} on, or -1. */
  private int referenceEnd(RegexProgram.Reference reference, int at) {
    for (int slot : reference.slots()) {
      int start = slots[slot];
      int end = slots[slot + 1];
      if (start != NOWHERE && end != NOWHERE && end - start <= to - at) {
        steps += (end - start) / STEP_BYTES;
        int matched = reference.ignoreCase() ? foldedEnd(start, end, at) : equalEnd(start, end, at);
        if (matched >= 0) {
          return matched;
        }
      }
    }
    return -1;
  }

  private int equalEnd(int start, int end, int at) {
    return Arrays.equals(text, start, end, text, at, at + end - start) ? at + end - start : -1;
  }

  /**
   * As Oniguruma's {@code string_cmp_ic}: the foldings of the characters are compared one by one,
   * until the captured text ends; the other one may take no more bytes than it, but for its last
   * character, of which it then folds those bytes alone that it might take.
   */
  private int foldedEnd(int start, int end, int at) {
    int most = at + end - start;
    int captured = start;
    int next = at;
    while (captured < end) {
      if (next >= most) {
        return -1;
      }
      int character = Utf8.codePoint(text, captured);
      int other = Utf8.codePoint(text, next);
      captured += CodePoints.length(text[captured]);
      int length = CodePoints.length(text[next]);
      boolean same =
          next + length <= most
              ? folded(character).equals(folded(other))
              : folded(character).equals(foldedInPart(other, next, most - next));
      if (!same) {
        return -1;
      }
      next += length;
    }
    return next;
  }

  private List<Integer> folded(int character) {
    List<Integer> several = folding.severalOf(character);
    return several.isEmpty() ? List.of(folding.fold(character)) : several;
  }

  /** The folding of what Oniguruma reads of the first bytes, else the character itself. */
  private List<Integer> foldedInPart(int character, int at, int bytes) {
    int read = text[at] & 0xFF;
    if (bytes > 1) {
      read &= (1 << (7 - bytes)) - 1;
      for (int i = 1; i < bytes; i++) {
        read = read << 6 | text[at + i] & 0x3F;
      }
    }
    List<Integer> part = folded(read);
    return part.equals(List.of(read)) ? List.of(character) : part;
  }

  private void push(int kind, int first, int second, int third) {
    if (top + ENTRY > stack.length) {
      if (stack.length > Integer.MAX_VALUE / 2) {
        throw new RegexLimitException(
            "regex \""
                + program.regex()
                + "\" has too many ways through "
                + (to - from)
                + " bytes");
      }
      stack = Arrays.copyOf(stack, 2 * stack.length);
    }
    stack[top] = kind;
    stack[top + 1] = first;
    stack[top + 2] = second;
    stack[top + 3] = third;
    top += ENTRY;
  }

  private boolean standsAt(byte[] literal, int at) {
    if (to - at < literal.length) {
      return false;
    }
    for (int i = 0; i < literal.length; i++) {
      if (text[at + i] != literal[i]) {
        return false;
      }
    }
    return true;
  }

  /** The end of exactly {@code count} characters of a set, or -1. */
  private int runEnd(CodePointSet set, int at, int count) {
    int next = at;
    for (int i = 0; i < count; i++) {
      if (next == to || !set.contains(Utf8.codePoint(text, next))) {
        return -1;
      }
      next += CodePoints.length(text[next]);
    }
    return next;
  }

  /**
   * Gives back characters of a run that ends at {@code at}, one at least, until what follows the
   * run can begin there; -1 where it can't down to {@code least}.
   */
  private int giveBack(int next, int at, int least) {
    int given = at;
    do {
      given = CodePoints.before(text, given);
      if (mayGoOn(next, given)) {
        steps += (at - given) / STEP_BYTES;
        return given;
      }
    } while (given > least);
    steps += (at - given) / STEP_BYTES;
    return -1;
  }

  private boolean mayGoOn(int pc, int at) {
    return switch (code[pc]) {
      case RegexProgram.SET -> sets[code[pc + 1]].contains(Utf8.codePoint(text, at));
      case RegexProgram.CHARS -> text[at] == literals[code[pc + 1]][0];
      case RegexProgram.RUN ->
          code[pc + 2] == 0 || sets[code[pc + 1]].contains(Utf8.codePoint(text, at));
      default -> true;
    };
  }

  /** Whether the body of the BEHIND at {@code pc} matches from some place before up to here. */
  private boolean matchesBehind(int pc, int at) {
    int outerEnd = behindEnd;
    behindEnd = at;
    int least = code[pc + 3];
    int most = code[pc + 4];
    boolean matches = false;
    int begin = at;
    for (int length = 0; length <= most && !matches; length++) {
      steps++;
      matches = length >= least && run(pc + 5, begin) >= 0;
      if (begin == from) {
        break;
      }
      begin = CodePoints.before(text, begin);
    }
    behindEnd = outerEnd;
    return matches;
  }

  private boolean holds(Anchor anchor, int at) {
    return switch (anchor) {
      case LINE_START -> at == from || (at < to && text[at - 1] == '\n');
      case LINE_END -> at == to || text[at] == '\n';
      case TEXT_START -> at == from;
      case TEXT_END -> at == to;
      case TEXT_END_OR_LAST_NEWLINE -> at == to || (at == to - 1 && text[at] == '\n');
      case SEARCH_START -> at == searchFrom();
      case CLUSTER_BOUNDARY -> isClusterBoundary(at);
      case NOT_CLUSTER_BOUNDARY -> !isClusterBoundary(at);
      case WORD_BOUNDARY -> isBoundary(word, at);
      case NOT_WORD_BOUNDARY -> !isBoundary(word, at);
      case ASCII_BOUNDARY -> isBoundary(AdjacentCharacterTest.ASCII_WORD, at);
      case NOT_ASCII_BOUNDARY -> !isBoundary(AdjacentCharacterTest.ASCII_WORD, at);
    };
  }

  private boolean isClusterBoundary(int at) {
    return GraphemeClusters.isBoundary(text, from, at, to, regionalsBefore(at));
  }

  /** Counts on from the place that was asked for last, or back to the beginning of the run. */
  private int regionalsBefore(int place) {
    int count = 0;
    int at = place;
    while (at > from && at != regionalsAt) {
      int previous = CodePoints.before(text, at);
      if (!GraphemeClusters.isRegional(Utf8.codePoint(text, previous))) {
        break;
      }
      count++;
      at = previous;
    }
    steps += count / STEP_BYTES;
    regionals = at == regionalsAt ? count + regionals : count;
    regionalsAt = place;
    return regionals;
  }

  private boolean isBoundary(CodePointSet characters, int at) {
    boolean before =
        at > from && characters.contains(Utf8.codePoint(text, CodePoints.before(text, at)));
    return before != (at < to && characters.contains(Utf8.codePoint(text, at)));
  }
}
