package org.merganser.text.regex;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.ComponentClasses;
import org.merganser.text.unicode.NormalizationTable;
import org.merganser.text.unicode.RegexProperties;

/**
 * Writes a regular expression, read as Oniguruma reads it, in JavaScript's syntax (flag {@code u}),
 * with the same matches. Classes are spelled out as ranges of Unicode 16, so that the browser's own
 * Unicode version and its idea of {@code \s} and of case have no part in it.
 */
public final class JavaScriptRegex {
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int LAST_SURROGATE = 0xDFFF;

  private final StringBuilder out = new StringBuilder();

  /** JavaScript's groups up to now. */
  private int groups;

  /** JavaScript's number of a group that captures. */
  private final Map<Integer, Integer> numbers = new HashMap<>();

  /**
   * The groups that have captured a text, whatever way led here. Only their back-references mean
   * the same: one to another group fails in Oniguruma and matches nothing in JavaScript.
   */
  private final Set<Integer> captured = new HashSet<>();

  private JavaScriptRegex() {}

  /**
   * The source of an equivalent JavaScript regular expression.
   *
   * @throws IllegalArgumentException when the regex is not supported, or holds what JavaScript
   *     doesn't have
   */
  public static String of(String regex) {
    JavaScriptRegex writer = new JavaScriptRegex();
    writer.write(RegexParser.parse(regex));
    return writer.out.toString();
  }

  /**
   * A run of characters that normalization in Unicode 9 (HF's) touches. A newer Unicode normalizes
   * such a run alike (its stability policy), and the rest is left alone.
   */
  public static String normalizedRun() {
    return "[" + ranges(NormalizationTable.get().touched()) + "]+";
  }

  /** A character that the pre-tokenizer Digits takes for a number. */
  public static String number() {
    return "[" + ranges(ComponentClasses.NUMERIC) + "]";
  }

  /** A character that the pre-tokenizer Punctuation takes for one. */
  public static String punctuation() {
    return "[" + ranges(ComponentClasses.PUNCTUATION) + "]";
  }

  /** A literal text. */
  public static String literal(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> out.append(escape(c)));
    return out.toString();
  }

  private void write(RegexNode node) {
    if (node instanceof RegexNode.Set one) {
      set(one.set());
    } else if (node instanceof RegexNode.Char one) {
      character(one.codePoint());
    } else if (node instanceof RegexNode.Concat concat) {
      sequence(concat.parts());
    } else if (node instanceof RegexNode.Alternation alternation) {
      alternation(alternation.choices());
    } else if (node instanceof RegexNode.Repeat repeat) {
      repeat(repeat);
    } else if (node instanceof RegexNode.Atomic atomic) {
      atomic(atomic.body());
    } else if (node instanceof RegexNode.Look look) {
      out.append(look.ahead() ? "(?" : "(?<").append(look.negative() ? '!' : '=');
      write(look.body());
      out.append(')');
    } else if (node instanceof RegexNode.Assertion assertion) {
      out.append(anchor(assertion.anchor()));
    } else if (node instanceof RegexNode.Capture capture) {
      numbers.put(capture.group(), ++groups);
      out.append('(');
      write(capture.body());
      out.append(')');
    } else if (node instanceof RegexNode.BackReference reference) {
      backReference(reference);
    } else if (node instanceof RegexNode.Keep) {
      throw refuse("\\K");
    } else {
      throw new IllegalStateException(node + " is in no finished regex");
    }
  }

  private static IllegalArgumentException refuse(String what) {
    return new IllegalArgumentException("a JavaScript regular expression can't express " + what);
  }

  private void sequence(List<RegexNode> parts) {
    Set<Integer> before = Set.copyOf(captured);
    for (RegexNode part : parts) {
      write(part);
      addCaptured(part);
    }
    captured.retainAll(before);
  }

  /** Adds the groups that every way through a node captures. */
  private void addCaptured(RegexNode node) {
    if (node instanceof RegexNode.Capture capture) {
      captured.add(capture.group());
      addCaptured(capture.body());
    } else if (node instanceof RegexNode.Concat concat) {
      concat.parts().forEach(this::addCaptured);
    } else if (node instanceof RegexNode.Atomic atomic) {
      addCaptured(atomic.body());
    } else if (node instanceof RegexNode.Repeat repeat && repeat.min() > 0) {
      addCaptured(repeat.body());
    } else if (node instanceof RegexNode.Look look && !look.negative()) {
      addCaptured(look.body());
    }
  }

  private void backReference(RegexNode.BackReference reference) {
    if (reference.ignoreCase()) {
      throw refuse("a back-reference without regard to case");
    }
    if (reference.groups().size() > 1) {
      throw refuse("a back-reference to several groups");
    }
    int group = reference.groups().get(0);
    if (!captured.contains(group)) {
      throw refuse("a back-reference to a group that may have matched nothing yet");
    }
    out.append("\\").append(numbers.get(group)).append("(?:)");
  }

  private void alternation(List<RegexNode> choices) {
    out.append("(?:");
    for (int i = 0; i < choices.size(); i++) {
      out.append(i == 0 ? "" : "|");
      write(choices.get(i));
    }
    out.append(')');
  }

  private void repeat(RegexNode.Repeat repeat) {
    if (repeat.mode() == RegexNode.Mode.POSSESSIVE) {
      atomic(
          new RegexNode.Repeat(repeat.body(), repeat.min(), repeat.max(), RegexNode.Mode.GREEDY));
      return;
    }
    if (repeat.min() < repeat.max() && repeat.body().minLength() == 0) {
      mayBeEmpty(repeat);
      return;
    }
    out.append("(?:");
    write(repeat.body());
    out.append("){").append(repeat.min());
    if (repeat.max() != repeat.min()) {
      out.append(',');
      if (repeat.max() != RegexNode.UNBOUNDED) {
        out.append(repeat.max());
      }
    }
    out.append('}').append(repeat.mode() == RegexNode.Mode.LAZY ? "?" : "");
  }

  /** JavaScript takes no empty turn of a loop, where Oniguruma takes it and leaves the loop. */
  private void mayBeEmpty(RegexNode.Repeat repeat) {
    if (repeat.max() > 1) {
      throw refuse("a loop whose turn may be empty");
    }
    boolean lazy = repeat.mode() == RegexNode.Mode.LAZY;
    out.append(lazy ? "(?:|" : "(?:");
    write(repeat.body());
    out.append(lazy ? ")" : "|)");
  }

  /** What a look-ahead has matched is not tried again: a group in it, and the group's text. */
  private void atomic(RegexNode body) {
    int group = ++groups;
    out.append("(?:(?=(");
    write(body);
    out.append("))\\").append(group).append("(?:))");
  }

  private static String anchor(RegexNode.Anchor anchor) {
    String word = "[" + ranges(RegexProperties.wordOutsideBrackets()) + "]";
    return switch (anchor) {
      case LINE_START -> "(?:(?<![^])|(?<=\\n)(?=[^]))";
      case LINE_END -> "(?![^\\n])";
      case SEARCH_START -> throw refuse("\\G");
      case CLUSTER_BOUNDARY, NOT_CLUSTER_BOUNDARY -> throw refuse("\\X, \\y or \\Y");
      case TEXT_START -> "(?<![^])";
      case TEXT_END -> "(?![^])";
      case TEXT_END_OR_LAST_NEWLINE -> "(?=\\n?(?![^]))";
      case ASCII_BOUNDARY -> "\\b";
      case NOT_ASCII_BOUNDARY -> "\\B";
      case WORD_BOUNDARY ->
          "(?:(?<=" + word + ")(?!" + word + ")|(?<!" + word + ")(?=" + word + "))";
      case NOT_WORD_BOUNDARY ->
          "(?:(?<=" + word + ")(?=" + word + ")|(?<!" + word + ")(?!" + word + "))";
    };
  }

  private void set(CodePointSet set) {
    String ranges = ranges(set);
    out.append(ranges.isEmpty() ? "(?!)" : "[" + ranges + "]");
  }

  private static String ranges(CodePointSet set) {
    StringBuilder ranges = new StringBuilder();
    CodePointSet outside = set.complement();
    for (int first = set.next(0); first >= 0; ) {
      int end = outside.next(first);
      int last = end < 0 ? CodePointSet.LIMIT - 1 : end - 1;
      range(first, Math.min(last, FIRST_SURROGATE - 1), ranges);
      range(Math.max(first, LAST_SURROGATE + 1), last, ranges);
      first = end < 0 ? -1 : set.next(end);
    }
    return ranges.toString();
  }

  /** Surrogates stand for nothing in well-formed text and are left out. */
  private static void range(int first, int last, StringBuilder to) {
    if (first <= last) {
      to.append(escape(first));
      if (last > first) {
        to.append(last > first + 1 ? "-" : "").append(escape(last));
      }
    }
  }

  private void character(int codePoint) {
    out.append(escape(codePoint));
  }

  /** ASCII letters and digits as they are, the rest as numbers: nothing to quote anywhere. */
  private static String escape(int codePoint) {
    if (codePoint < 0x80 && Character.isLetterOrDigit(codePoint)) {
      return String.valueOf((char) codePoint);
    }
    return codePoint < 0x100
        ? String.format(Locale.ROOT, "\\x%02x", codePoint)
        : String.format(Locale.ROOT, "\\u{%x}", codePoint);
  }
}
