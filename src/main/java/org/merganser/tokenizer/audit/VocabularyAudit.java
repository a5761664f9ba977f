package org.merganser.tokenizer.audit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.merganser.bpe.encode.BpeModel;
import org.merganser.bpe.encode.MergeSteps;
import org.merganser.text.unicode.Utf8;
import org.merganser.tokenizer.Tokenizer;
import org.merganser.tokenizer.parts.AddedToken;

/**
 * Goes through all tokens of a tokenizer and says of which kinds each is. Takes seconds for 200,000
 * tokens; the same input always gives the same findings.
 */
public final class VocabularyAudit {
  /** The share of the tokens whose vectors count as near to the mean: they are the nearest ones. */
  private static final double NEAREST = 0.02;

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
    TextFindings texts = new TextFindings(tokenizer, this::add);
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
        texts.add(id, bytes);
      }
    }
    texts.finish();
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

  /** An added token that is in the vocabulary, too, and that merging makes of its text. */
  private void addMerged(int id) {
    if (steps.makesItself(id)) {
      add(TokenKind.SHADOWED, id, "an added token that merges make as well");
    }
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
