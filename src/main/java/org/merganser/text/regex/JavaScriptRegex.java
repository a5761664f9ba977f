package org.merganser.text.regex;

import java.util.List;
import java.util.Locale;
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
  private int groups;

  private JavaScriptRegex() {}

  /**
   * The source of an equivalent JavaScript regular expression.
   *
   * @throws IllegalArgumentException when the regex is not supported, as {@link
   *     PreTokenizerSpec#build} says it
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
      concat.parts().forEach(this::write);
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
    }
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
      case LINE_START -> "(?<![^\\n])";
      case LINE_END -> "(?![^\\n])";
      case TEXT_START -> "(?<![^])";
      case TEXT_END -> "(?![^])";
      case TEXT_END_OR_LAST_NEWLINE -> "(?=\\n?(?![^]))";
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
