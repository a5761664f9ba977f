package org.merganser.bpe.constraint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds tokens that must exist to a vocabulary that was learned, so that text reaches them: each
 * required token, encoded as a pretoken of its own, is one id.
 *
 * <p>They are taken in their order. Each is encoded with the merges that there are by then; while
 * that gives several tokens, a merge is appended: of the leftmost two neighbours whose token the
 * rules allow. The merges that are appended come behind all others, so they change no other text
 * but where their pairs are left side by side. A token that is there already costs nothing, and
 * tokens that begin alike share what they are made of.
 *
 * <p>Room for the new ids is made by leaving out the merges that were learned last, one after the
 * other, until both fit the size of the vocabulary. What remains is what a training of fewer ids
 * learns. A try takes time in proportion to all required tokens, and there are at most as many
 * tries as merges that are left out. For one thread.
 */
public final class RequiredTokens {

  /** A vocabulary by id, and its merges: pairs of ids by rank. */
  public record Merged(List<String> tokens, int[] merges) {}

  /**
   * What a required token took.
   *
   * @param token in the byte-level form
   * @param appended tokens that were added for it, the last of them itself; none where it was
   *     learned
   */
  public record Required(String token, int id, List<String> appended) {}

  /**
   * The vocabulary with the tokens.
   *
   * @param leftOut learned merges that were left out to make room
   */
  public record Result(Merged vocabulary, List<Required> required, int leftOut) {}

  private final Merged learned;
  private final List<String> wanted;
  private final @Nullable RuleCheck rules;

  /** Ids of the vocabulary after each number of merges. */
  private final int[] sizes;

  /** The first rank that makes each token, of those that may be left out; -1 if none does. */
  private final int[] firstRanks;

  /** Ids of all learned tokens; ranks by pair; the id that each rank makes. */
  private final Map<String, Integer> ids = new HashMap<>();

  private final Map<Long, Integer> ranks = new HashMap<>();
  private final int[] results;

  /**
   * What the learned merges make of each wanted token, and the highest rank of these; null first.
   */
  private final List<@Nullable Encoded> encoded;

  private record Encoded(List<Integer> symbols, int highestRank) {}

  /** Merges that are kept in the try that is under way, and how many ids they leave. */
  private int kept;

  private int keptIds;

  /** The highest rank of those without which the try would have gone another way. */
  private int highestRank;

  /** Tokens that were appended, behind those that were kept; left, right and result of merges. */
  private final List<String> newTokens = new ArrayList<>();

  private final Map<String, Integer> newIds = new HashMap<>();
  private final List<int[]> appended = new ArrayList<>();
  private final Map<Long, Integer> appendedRanks = new HashMap<>();

  private RequiredTokens(
      Merged learned, int fixedTokens, int fixedMerges, List<String> wanted, TokenRules rules) {
    this.learned = learned;
    this.wanted = wanted;
    this.rules = rules.isEmpty() ? null : new RuleCheck(rules);
    this.encoded = new ArrayList<>(Collections.nCopies(wanted.size(), null));
    int merges = learned.merges.length / 2;
    this.results = new int[merges];
    for (String token : learned.tokens) {
      ids.put(token, ids.size());
    }
    for (int rank = 0; rank < merges; rank++) {
      String made = learned.tokens.get(left(rank)) + learned.tokens.get(right(rank));
      results[rank] = Objects.requireNonNull(ids.get(made), made);
      ranks.put(pair(left(rank), right(rank)), rank);
    }
    this.firstRanks = new int[learned.tokens.size()];
    Arrays.fill(firstRanks, -1);
    for (int rank = merges - 1; rank >= fixedMerges; rank--) {
      firstRanks[results[rank]] = rank;
    }
    this.sizes = new int[merges + 1];
    int size = learned.tokens.size();
    sizes[merges] = size;
    for (int rank = merges - 1; rank >= 0; rank--) {
      size -= size > fixedTokens && firstRanks[size - 1] == rank ? 1 : 0;
      sizes[rank] = size;
    }
  }

  /**
   * Adds tokens.
   *
   * @param learned a byte-level vocabulary; each token that a merge makes is in it
   * @param fixedTokens ids from 0 on that stay in any case
   * @param fixedMerges merges from rank 0 on that stay in any case
   * @param wanted the required tokens in the byte-level form; each is of one byte or more
   * @param rules none of what is appended breaks them
   * @param vocabSize the most ids
   * @throws IllegalArgumentException naming the token that cannot be made, and why; or saying how
   *     many ids are needed where they do not fit
   */
  public static Result add(
      Merged learned,
      int fixedTokens,
      int fixedMerges,
      List<String> wanted,
      TokenRules rules,
      int vocabSize) {
    RequiredTokens room = new RequiredTokens(learned, fixedTokens, fixedMerges, wanted, rules);
    int kept = room.results.length;
    while (true) {
      List<Required> required = room.append(kept);
      int needed = room.newTokens.size();
      int most = vocabSize - needed;
      if (needed == 0 || room.sizes[kept] <= most) {
        room.requireReached();
        return new Result(room.merged(), required, room.results.length - kept);
      }
      if (kept == fixedMerges) {
        throw new IllegalArgumentException(
            "they need %s ids beside the %s that stay, and the vocabulary has room for %s"
                .formatted(needed, room.sizes[kept], vocabSize));
      }
      // Merges above the highest that was used may go without a change of what is appended.
      int next = kept - 1;
      while (next > fixedMerges && next > room.highestRank && room.sizes[next] > most) {
        next--;
      }
      kept = next;
    }
  }

  /** Makes all required tokens of the first merges. */
  private List<Required> append(int merges) {
    kept = merges;
    keptIds = sizes[merges];
    highestRank = -1;
    newTokens.clear();
    newIds.clear();
    appended.clear();
    appendedRanks.clear();
    List<Required> required = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      String token = wanted.get(i);
      int before = appended.size();
      List<Integer> symbols = encode(i);
      for (int left = token.length(); symbols.size() > 1 && left > 0; left--) {
        appendMerge(token, symbols);
        symbols = encode(i);
      }
      List<String> made = new ArrayList<>();
      for (int[] merge : appended.subList(before, appended.size())) {
        made.add(token(merge[2]));
      }
      required.add(new Required(token, symbols.get(0), made));
    }
    return required;
  }

  /** Joins the leftmost two neighbours that may be joined. */
  private void appendMerge(String token, List<Integer> symbols) {
    String broken = null;
    for (int i = 0; i + 1 < symbols.size(); i++) {
      String joined = token(symbols.get(i)) + token(symbols.get(i + 1));
      String rule = rules == null ? null : rules.broken(joined);
      if (rule == null) {
        int left = symbols.get(i);
        int right = symbols.get(i + 1);
        appendedRanks.put(pair(left, right), results.length + appended.size());
        appended.add(new int[] {left, right, idOrNew(joined)});
        return;
      }
      broken = broken == null ? "\"" + joined + "\" breaks " + rule : broken;
    }
    throw new IllegalArgumentException(
        "\"%s\" cannot be made of %s: %s"
            .formatted(token, symbols.stream().map(this::token).toList(), broken));
  }

  private String token(int id) {
    return id < keptIds ? learned.tokens.get(id) : newTokens.get(id - keptIds);
  }

  private int idOrNew(String token) {
    Integer id = ids.get(token);
    if (id != null && id < keptIds) {
      highestRank = Math.max(highestRank, firstRanks[id]);
      return id;
    }
    Integer known = newIds.putIfAbsent(token, keptIds + newTokens.size());
    if (known != null) {
      return known;
    }
    newTokens.add(token);
    return keptIds + newTokens.size() - 1;
  }

  /**
   * Encodes a wanted token. Appended merges have the highest ranks, so none of them is made before
   * the learned ones are: that far the token is encoded once for all tries that keep these.
   */
  private List<Integer> encode(int number) {
    Encoded known = encoded.get(number);
    if (known == null || known.highestRank >= kept) {
      List<Integer> symbols = symbols(wanted.get(number));
      known = new Encoded(symbols, merge(symbols, results.length));
      encoded.set(number, known);
    }
    List<Integer> symbols = new ArrayList<>(known.symbols);
    int highest = Math.max(known.highestRank, merge(symbols, Integer.MAX_VALUE));
    highestRank = Math.max(highestRank, highest);
    return symbols;
  }

  private List<Integer> symbols(String token) {
    List<Integer> symbols = new ArrayList<>();
    for (int i = 0; i < token.length(); i++) {
      Integer id = ids.get(token.substring(i, i + 1));
      if (id == null || id >= keptIds) {
        throw new IllegalArgumentException(
            "\"%s\" cannot be made: \"%s\" is not in the vocabulary"
                .formatted(token, token.charAt(i)));
      }
      symbols.add(id);
    }
    return symbols;
  }

  /**
   * Merges as an encoder does: the lowest rank first, then the leftmost.
   *
   * @param below ranks from here on are not merged
   * @return the highest rank of a learned merge; -1 for none
   */
  private int merge(List<Integer> symbols, int below) {
    int highest = -1;
    while (true) {
      int best = -1;
      int lowest = below;
      for (int i = 0; i + 1 < symbols.size(); i++) {
        int rank = rank(symbols.get(i), symbols.get(i + 1));
        if (rank < lowest) {
          lowest = rank;
          best = i;
        }
      }
      if (best < 0) {
        return highest;
      }
      boolean isLearned = lowest < results.length;
      highest = isLearned ? Math.max(highest, lowest) : highest;
      symbols.set(best, isLearned ? results[lowest] : appended.get(lowest - results.length)[2]);
      symbols.remove(best + 1);
    }
  }

  /** The rank of the merge of two neighbours; the largest int where none joins them. */
  private int rank(int left, int right) {
    Integer rank = appendedRanks.get(pair(left, right));
    if (rank == null) {
      rank = ranks.get(pair(left, right));
      return rank == null || rank >= kept ? Integer.MAX_VALUE : rank;
    }
    return rank;
  }

  /**
   * A merge of a later token could undo an earlier one only in a vocabulary that was not learned.
   */
  private void requireReached() {
    for (int i = 0; i < wanted.size(); i++) {
      List<Integer> symbols = encode(i);
      if (symbols.size() > 1) {
        throw new IllegalArgumentException(
            "\"%s\" is not reached by merges: its text becomes %s"
                .formatted(wanted.get(i), symbols.stream().map(this::token).toList()));
      }
    }
  }

  private Merged merged() {
    int[] merges = Arrays.copyOf(learned.merges, 2 * (kept + appended.size()));
    for (int i = 0; i < appended.size(); i++) {
      merges[2 * (kept + i)] = appended.get(i)[0];
      merges[2 * (kept + i) + 1] = appended.get(i)[1];
    }
    List<String> tokens = new ArrayList<>(learned.tokens.subList(0, keptIds));
    tokens.addAll(newTokens);
    return new Merged(List.copyOf(tokens), merges);
  }

  private int left(int rank) {
    return learned.merges[2 * rank];
  }

  private int right(int rank) {
    return learned.merges[2 * rank + 1];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }
}
