package org.merganser.bpe.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.ByteAlphabet;
import org.merganser.text.regex.TextMatcher;
import org.merganser.text.regex.TextPattern;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.CodePointSet;
import org.merganser.text.unicode.CodePoints;
import org.merganser.text.unicode.Scripts;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;

/**
 * The {@link TokenRules} at work in one training: which pairs they passed over. A rule is asked
 * when a pair would be merged, and not of every pair. What it forbids it forbids for good: the text
 * of a token does not change, and the groups that have a pair only become fewer. For one thread.
 */
public final class RuleCheck {
  private static final CodePointSet DIGITS = UnicodeCategories.all(name -> name.equals("Nd"));

  private final TokenRules rules;
  private final List<TextMatcher> forbidden = new ArrayList<>();

  /** For each script by its number the most bytes of a token. */
  private final int[] maxBytes;

  private final ByteBuilder text = new ByteBuilder(64);

  /** Pairs that were passed over. */
  private final Set<Long> passed = new HashSet<>();

  /** Pairs that were passed over before all were asked again. */
  private final Set<Long> passedBefore = new HashSet<>();

  private final Map<String, PassedOver> account = new LinkedHashMap<>();

  public RuleCheck(TokenRules rules) {
    this.rules = rules;
    rules.forbid().forEach(regex -> forbidden.add(new TextPattern.Regex(regex).newMatcher()));
    maxBytes = new int[Scripts.count()];
    Arrays.fill(maxBytes, Integer.MAX_VALUE);
    rules.maxTokenBytes().forEach((name, most) -> maxBytes[TokenRules.script(name)] = most);
  }

  /**
   * The first rule for texts that a token breaks, as a job spells it; null if it breaks none.
   *
   * @param token in the byte-level form
   */
  public @Nullable String broken(String token) {
    byte[] bytes = Objects.requireNonNull(ByteAlphabet.toBytes(token), token);
    text.clear();
    Utf8.replaceIllFormed(bytes, 0, bytes.length, text);
    for (int i = 0; i < forbidden.size(); i++) {
      forbidden.get(i).reset(text.bytes(), 0, text.length());
      if (forbidden.get(i).find()) {
        return "forbid: " + rules.forbid().get(i);
      }
    }
    return tooMany(bytes.length);
  }

  private @Nullable String tooMany(int bytes) {
    int digits = 0;
    int least = Integer.MAX_VALUE;
    int script = Scripts.UNKNOWN;
    for (int at = 0; at < text.length(); at += CodePoints.length(text.bytes()[at])) {
      int codePoint = Utf8.codePoint(text.bytes(), at);
      digits += DIGITS.contains(codePoint) ? 1 : 0;
      int own = Scripts.of(codePoint);
      if (maxBytes[own] < least) {
        least = maxBytes[own];
        script = own;
      }
    }
    if (rules.maxDigits() != null && digits > rules.maxDigits()) {
      return "maxDigits: " + rules.maxDigits();
    }
    return bytes > least ? "maxTokenBytes." + Scripts.name(script) + ": " + least : null;
  }

  /**
   * Whether a pair that would be merged is passed over, which is then part of the account.
   *
   * @param pair a number of its own
   * @param token what it would become, in the byte-level form
   * @param count how often it occurs
   * @param groups in how many groups it occurs, counted up to the argument; asked only where that
   *     matters
   */
  public boolean passesOver(long pair, String token, long count, IntUnaryOperator groups) {
    String rule = broken(token);
    int least = rules.minGroups();
    if (rule == null && least > 1 && groups.applyAsInt(least) < least) {
      rule = "minGroups: " + least;
    }
    if (rule == null) {
      return false;
    }
    passed.add(pair);
    if (passedBefore.contains(pair)) {
      return true;
    }
    account.computeIfAbsent(rule, name -> new PassedOver(name, 0, List.of()));
    account.computeIfPresent(rule, (name, before) -> before.with(token, count));
    return true;
  }

  /** Whether a pair was passed over before. */
  public boolean wasPassedOver(long pair) {
    return passed.contains(pair);
  }

  /** All pairs are asked again: the text was encoded anew, so groups may have others. */
  public void askAgain() {
    passedBefore.addAll(passed);
    passed.clear();
  }

  /** What each rule left out, in the order in which they first did. */
  public List<PassedOver> account() {
    return List.copyOf(account.values());
  }
}
