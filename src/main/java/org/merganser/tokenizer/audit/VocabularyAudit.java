package org.merganser.tokenizer.audit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.normalize.Normalizer;
import org.merganser.text.normalize.NormalizerSpec;
import org.merganser.text.unicode.ByteBuilder;
import org.merganser.text.unicode.UnicodeCategories;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Goes through all tokens of a tokenizer and says of which kinds each is. Takes seconds for 200,000
 * tokens; the same input always gives the same findings.
 */
public final class VocabularyAudit {
  private static final int LONGEST = 32;

  /** Of the tokens, those whose vectors are nearest to the mean. */
  private static final double NEAREST = 0.02;

  /** Characters of a token in which added tokens are looked for: more would cost their square. */
  private static final int MOST_SEARCHED = 4_096;

  /** Tokens that a finding names. */
  private static final int MOST_NAMED = 3;

  /**
   * A token of a kind.
   *
   * @param detail what makes it so; may be empty
   */
  public record Finding(int id, String detail) {}

  private final Tokenizer tokenizer;
  private final MergeSteps steps;
  private final Map<TokenKind, List<Finding>> findings = new EnumMap<>(TokenKind.class);
  private final Map<Integer, AddedToken> added = new HashMap<>();
  private final BitSet reachable = new BitSet();
  private final boolean counted;
  private final boolean measured;
  private int tokens;

  private VocabularyAudit(Tokenizer tokenizer, boolean counted, boolean measured) {
    this.tokenizer = tokenizer;
    this.counted = counted;
    this.measured = measured;
    this.steps = new MergeSteps(tokenizer.model());
    tokenizer.addedTokens().forEach(token -> added.put(token.id(), token));
  }

  /**
   * @param use of the tokens in texts; null without texts, and nothing is said of use then
   * @param rare tokens that occur less often are rare
   * @param distances by id, how far a token's vector is from the mean of all; null without vectors
   */
  public static VocabularyAudit of(
      Tokenizer tokenizer, @Nullable TokenUse use, long rare, double @Nullable [] distances) {
    VocabularyAudit audit = new VocabularyAudit(tokenizer, use != null, distances != null);
    audit.run(use, rare, distances);
    return audit;
  }

  /** The tokens of a kind by id; under-trained ones by their distance. */
  public List<Finding> findings(TokenKind kind) {
    return Collections.unmodifiableList(findings.getOrDefault(kind, List.of()));
  }

  /** Whether it was looked for: without texts nothing is known of use, for instance. */
  public boolean isKnown(TokenKind kind) {
    return switch (kind) {
      case UNUSED, ONCE, RARE, ONE_GROUP -> counted;
      case UNDER_TRAINED -> measured;
      default -> true;
    };
  }

  /** The tokens of a kind by their ids. */
  public BitSet ids(TokenKind kind) {
    BitSet ids = new BitSet();
    findings(kind).forEach(finding -> ids.set(finding.id()));
    return ids;
  }

  /** Tokens, added ones included. */
  public int tokens() {
    return tokens;
  }

  /** Tokens for which a text was found that gives them. */
  public int reachable() {
    return reachable.cardinality();
  }

  private void run(@Nullable TokenUse use, long rare, double @Nullable [] distances) {
    ReachabilityAnalysis analysis = new ReachabilityAnalysis(tokenizer, steps);
    Map<String, List<Integer>> byText = new HashMap<>();
    Map<String, List<Integer>> byNormalized = new HashMap<>();
    Map<String, List<Integer>> byLowercase = new HashMap<>();
    NormalizerSpec spec = tokenizer.normalizer();
    Normalizer normalizer = (spec == null ? new NormalizerSpec.Nfc() : spec).build();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (tokenizer.token(id) == null) {
        continue;
      }
      tokens++;
      byte[] bytes = tokenizer.bytes(id);
      boolean partial = Utf8.firstIllFormed(bytes, 0, bytes.length) >= 0;
      addReachability(id, analysis.of(id), partial);
      if (added.containsKey(id)) {
        addMerged(id);
      } else if (partial) {
        add(TokenKind.PARTIAL_UTF8, id, "");
      } else if (bytes.length > 0) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        addCharacters(id, text);
        group(byText, text, id);
        group(byNormalized, normalized(normalizer, bytes, text), id);
        group(byLowercase, text.toLowerCase(Locale.ROOT), id);
      }
    }
    addSameText(byNormalized, TokenKind.DUPLICATE);
    addSameText(byLowercase, TokenKind.CASE_COPY);
    addSpaceCopies(byText);
    addShadowed(byText);
    addDigits(byText);
    addRuns(byText);
    addUse(use, rare);
    if (distances != null) {
      addUnderTrained(distances);
    }
    for (TokenKind kind : TokenKind.values()) {
      if (kind != TokenKind.UNDER_TRAINED) {
        list(kind).sort(Comparator.comparingInt(Finding::id));
      }
    }
  }

  private static void group(Map<String, List<Integer>> groups, String key, int id) {
    groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(id);
  }

  private List<Finding> list(TokenKind kind) {
    return findings.computeIfAbsent(kind, key -> new ArrayList<>());
  }

  private void add(TokenKind kind, int id, String detail) {
    list(kind).add(new Finding(id, detail));
  }

  private void addReachability(int id, Reachability answer, boolean partial) {
    if (answer instanceof Reachability.Unreachable unreachable) {
      add(TokenKind.UNREACHABLE, id, unreachable.proof());
    } else if (answer instanceof Reachability.Witness witness) {
      reachable.set(id);
      if (tokenizer.byteLevel() && !witness.own() && !partial && !added.containsKey(id)) {
        add(TokenKind.IN_CONTEXT, id, "in \"" + witness.text() + "\"");
      }
    } else {
      add(TokenKind.UNKNOWN, id, "");
    }
  }

  private static String normalized(Normalizer normalizer, byte[] bytes, String text) {
    ByteBuilder out = new ByteBuilder(bytes.length);
    return normalizer.normalize(bytes, 0, bytes.length, out)
        ? new String(out.bytes(), 0, out.length(), StandardCharsets.UTF_8)
        : text;
  }

  private void addCharacters(int id, String text) {
    if (text.codePointCount(0, text.length()) > LONGEST) {
      add(TokenKind.LONG, id, text.codePointCount(0, text.length()) + " characters");
    }
    first(text, VocabularyAudit::isControl)
        .ifPresent(c -> add(TokenKind.CONTROL, id, String.format("U+%04X", c)));
    first(text, VocabularyAudit::isPrivateUse)
        .ifPresent(c -> add(TokenKind.PRIVATE_USE, id, String.format("U+%04X", c)));
    if (text.codePoints().allMatch(UnicodeCategories::isWhiteSpace)) {
      if (text.codePoints().distinct().count() > 1) {
        add(TokenKind.WHITE_SPACE, id, "several kinds of white space");
      }
    } else if (UnicodeCategories.isWhiteSpace(text.codePointBefore(text.length()))) {
      add(TokenKind.WHITE_SPACE, id, "white space at its end");
    } else if (text.codePoints().skip(1).anyMatch(UnicodeCategories::isWhiteSpace)) {
      add(TokenKind.WHITE_SPACE, id, "white space inside");
    }
    String unspaced = withoutSpace(text);
    if (unspaced.codePoints().anyMatch(VocabularyAudit::isDigit)
        && !unspaced.codePoints().allMatch(VocabularyAudit::isDigit)) {
      add(TokenKind.DIGITS, id, "digits with other characters");
    }
  }

  private static OptionalInt first(String text, IntPredicate kind) {
    return text.codePoints().filter(kind).findFirst();
  }

  private static boolean isControl(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Cf") || (category.equals("Cc") && c != '\t' && c != '\n' && c != '\r');
  }

  private static boolean isPrivateUse(int c) {
    String category = UnicodeCategories.name(c);
    return category.equals("Co") || category.equals("Cn") || c == 0xFFFD;
  }

  private static boolean isDigit(int c) {
    return UnicodeCategories.name(c).equals("Nd");
  }

  private static String withoutSpace(String text) {
    return text.startsWith(" ") ? text.substring(1) : text;
  }

  /** An added token that is in the vocabulary, too, and that merging makes of its text. */
  private void addMerged(int id) {
    if (steps.madeAt(id) >= 0) {
      steps.run(id);
      if (steps.makesItself()) {
        add(TokenKind.SHADOWED, id, "an added token that merges make as well");
      }
    }
  }

  /** The tokens in whose text an added one is found, special tokens not looked at. */
  private void addShadowed(Map<String, List<Integer>> byText) {
    Set<String> contents = new HashSet<>();
    TreeSet<Integer> lengths = new TreeSet<>();
    for (AddedToken token : added.values()) {
      if (!token.special()) {
        contents.add(token.content());
        lengths.add(token.content().length());
      }
    }
    byText.forEach(
        (text, ids) -> {
          for (int length : text.length() > MOST_SEARCHED ? Set.<Integer>of() : lengths) {
            for (int from = 0; from + length <= text.length(); from++) {
              String part = text.substring(from, from + length);
              if (contents.contains(part)) {
                ids.forEach(
                    id -> add(TokenKind.SHADOWED, id, "has the added token \"" + part + "\""));
                return;
              }
            }
          }
        });
  }

  private void addSameText(Map<String, List<Integer>> groups, TokenKind kind) {
    for (List<Integer> group : groups.values()) {
      for (int id : group.size() > 1 ? group : List.<Integer>of()) {
        String others =
            group.stream()
                .filter(other -> other != id)
                .limit(MOST_NAMED)
                .map(other -> "#" + other)
                .collect(Collectors.joining(", "));
        add(kind, id, "as " + others + (group.size() > MOST_NAMED + 1 ? ", …" : ""));
      }
    }
  }

  private void addSpaceCopies(Map<String, List<Integer>> byText) {
    byText.forEach(
        (text, ids) -> {
          List<Integer> unspaced = text.startsWith(" ") ? byText.get(text.substring(1)) : null;
          if (unspaced != null && !text.isBlank()) {
            ids.forEach(id -> add(TokenKind.SPACE_COPY, id, "as #" + unspaced.get(0)));
          }
        });
  }

  /** Numbers of some length of which a part are tokens, with a space before them and without. */
  private void addDigits(Map<String, List<Integer>> byText) {
    for (String space : List.of("", " ")) {
      Map<Integer, List<Integer>> byLength = new TreeMap<>();
      byText.forEach(
          (text, ids) -> {
            String digits = text.startsWith(space) ? text.substring(space.length()) : "";
            if (!digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
              byLength.computeIfAbsent(digits.length(), key -> new ArrayList<>()).add(ids.get(0));
            }
          });
      byLength.forEach(
          (length, ids) -> {
            BigInteger all = BigInteger.TEN.pow(length);
            if (BigInteger.valueOf(ids.size()).compareTo(all) < 0) {
              String detail =
                  String.format(
                      Locale.ROOT,
                      "%s of %d: %,d of %,d are tokens",
                      space.isEmpty() ? "digits" : "a space and digits",
                      length,
                      ids.size(),
                      all);
              ids.forEach(id -> add(TokenKind.DIGITS, id, detail));
            }
          });
    }
  }

  /** Runs of one character of white space of which a shorter one is no token. */
  private void addRuns(Map<String, List<Integer>> byText) {
    byText.forEach(
        (text, ids) -> {
          if (text.length() > 1
              && UnicodeCategories.isWhiteSpace(text.charAt(0))
              && text.chars().allMatch(c -> c == text.charAt(0))
              && !byText.containsKey(text.substring(1))) {
            String detail =
                "a run of %d; one of %d is no token".formatted(text.length(), text.length() - 1);
            ids.forEach(id -> add(TokenKind.WHITE_SPACE, id, detail));
          }
        });
  }

  /** The tokens that are steps on the way to some tokens of the model. */
  private BitSet stepsTo(IntPredicate isMade) {
    BpeModel model = tokenizer.model();
    BitSet made = new BitSet();
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (!isMade.test(id) || steps.madeAt(id) < 0) {
        continue;
      }
      steps.run(id);
      if (steps.makesItself()) {
        for (int rank : steps.ranks()) {
          made.set(model.mergeLeft(rank));
          made.set(model.mergeRight(rank));
        }
      }
    }
    return made;
  }

  private void addUse(@Nullable TokenUse use, long rare) {
    BitSet ways = stepsTo(id -> use == null ? reachable.get(id) : use.count(id) > 0);
    for (int id = 0; id < tokenizer.idBound(); id++) {
      if (tokenizer.token(id) == null) {
        continue;
      }
      long count = use == null ? 0 : use.count(id);
      if (use == null ? !reachable.get(id) && ways.get(id) : count == 0 && ways.get(id)) {
        add(TokenKind.RESIDUE, id, "");
      } else if (use == null) {
        continue;
      } else if (count == 0) {
        add(TokenKind.UNUSED, id, "");
      } else if (count == 1) {
        add(TokenKind.ONCE, id, "in " + use.firstGroup(id));
      } else if (count < rare) {
        add(TokenKind.RARE, id, count + " times");
      }
      if (use != null && count > 1 && use.groups() > 1 && use.isInOneGroup(id)) {
        add(TokenKind.ONE_GROUP, id, "%d times in %s".formatted(count, use.firstGroup(id)));
      }
    }
  }

  private void addUnderTrained(double[] distances) {
    int[] byDistance =
        IntStream.range(0, Math.min(distances.length, tokenizer.idBound()))
            .filter(id -> tokenizer.token(id) != null)
            .boxed()
            .sorted(Comparator.comparingDouble(id -> distances[id]))
            .mapToInt(Integer::intValue)
            .toArray();
    double median = byDistance.length == 0 ? 0 : distances[byDistance[byDistance.length / 2]];
    for (int i = 0; i < Math.ceil(NEAREST * byDistance.length); i++) {
      double distance = distances[byDistance[i]];
      add(
          TokenKind.UNDER_TRAINED,
          byDistance[i],
          String.format(
              Locale.ROOT,
              "%.6g from the mean%s",
              distance,
              median == 0
                  ? ""
                  : String.format(Locale.ROOT, ", %.3f of the median", distance / median)));
    }
  }
}
