package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import org.merganser.text.unicode.ByteAlphabet;

/**
 * The slow twin of {@link BpeTrainer}: HF's trainer as plainly as it can be said, over Strings and
 * boxed collections, with HF's queue, its stale counts, its reused ids and its merges that happen
 * twice. Where HF depends on hash order it follows the rules that {@link TrainerSettings} and
 * {@link MergeQueue} document.
 */
public final class HfQueueTrainer {
  private record Pair(int left, int right) {}

  private record Queued(Pair pair, long count, TreeSet<Integer> words, int age) {}

  private static final Comparator<Queued> ORDER =
      Comparator.comparingLong(Queued::count)
          .reversed()
          .thenComparing(q -> q.pair().left())
          .thenComparing(q -> q.pair().right())
          .thenComparing(Queued::age);

  private final TrainerSettings settings;
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final List<List<Integer>> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Pair, Long> pairCounts = new HashMap<>();
  private final PriorityQueue<Queued> queue = new PriorityQueue<>(ORDER);
  private final List<List<String>> inherited;
  private final boolean acrossWords;
  private int pushed;
  private boolean reused;
  private int skipped;

  HfQueueTrainer(TrainerSettings settings) {
    this(settings, List.of(), false);
  }

  private HfQueueTrainer(
      TrainerSettings settings, List<List<String>> inherited, boolean acrossWords) {
    this.settings = settings;
    this.inherited = inherited;
    this.acrossWords = acrossWords;
  }

  /**
   * The trainer of SuperBPE's fork, {@code do_train_extend}: merges of stage 1 are replayed, those
   * that do not occur are skipped, and then pairs are merged whose token has at most four words and
   * no space after a colon.
   *
   * @param inherited the merges of stage 1 by rank, as strings
   */
  public static HfQueueTrainer extending(TrainerSettings settings, List<List<String>> inherited) {
    return new HfQueueTrainer(settings, inherited, true);
  }

  /** Merges of stage 1 that did not occur. */
  public int skipped() {
    return skipped;
  }

  /** Whether a merge gave a string that was a token already. */
  public boolean reusedAnId() {
    return reused;
  }

  /**
   * @param corpus byte-level words and their counts
   */
  public TrainedBpe train(Map<String, Long> corpus) {
    settings.specialTokens().forEach(this::idOf);
    alphabet(corpus).forEach(this::idOf);
    corpus.forEach(
        (word, count) -> {
          List<Integer> symbols = new ArrayList<>();
          for (char c : word.toCharArray()) {
            if (ids.containsKey(String.valueOf(c))) {
              symbols.add(ids.get(String.valueOf(c)));
            }
          }
          words.add(symbols);
          counts.add(count);
        });
    Map<Pair, TreeSet<Integer>> where = new LinkedHashMap<>();
    for (int w = 0; w < words.size(); w++) {
      List<Integer> word = words.get(w);
      for (int i = 1; i < word.size(); i++) {
        change(new Pair(word.get(i - 1), word.get(i)), counts.get(w), w, where);
      }
    }
    enqueue(where);
    List<Pair> merges = new ArrayList<>();
    for (List<String> merge : inherited) {
      replay(merge, merges);
    }
    while (tokens.size() < settings.vocabSize() && !queue.isEmpty()) {
      Queued top = queue.remove();
      long count = pairCounts.get(top.pair());
      if (count != top.count()) {
        queue.add(new Queued(top.pair(), count, top.words(), top.age()));
        continue;
      }
      if (count < 1 || count < settings.minFrequency()) {
        break;
      }
      if (mayBecomeOne(top.pair())) {
        merge(top, merges);
      }
    }
    LinkedHashSet<Pair> byRank = new LinkedHashSet<>();
    for (Pair pair : merges) {
      byRank.remove(pair);
      byRank.add(pair);
    }
    int[] flat =
        byRank.stream().flatMapToInt(p -> java.util.stream.IntStream.of(p.left, p.right)).toArray();
    return new TrainedBpe(tokens, flat);
  }

  private void replay(List<String> merge, List<Pair> merges) {
    Integer left = ids.get(merge.get(0));
    Integer right = ids.get(merge.get(1));
    Pair pair = left == null || right == null ? null : new Pair(left, right);
    List<Queued> found = queue.stream().filter(q -> q.pair().equals(pair)).toList();
    if (found.isEmpty()) {
      skipped++;
      return;
    }
    queue.removeAll(found);
    merge(found.get(found.size() - 1), merges);
  }

  private boolean mayBecomeOne(Pair pair) {
    String token = tokens.get(pair.left()) + tokens.get(pair.right());
    long parts = List.of(token.split("\u0120", -1)).stream().filter(s -> !s.isEmpty()).count();
    return !acrossWords || !token.contains(":\u0120") && parts <= 4;
  }

  private void merge(Queued top, List<Pair> merges) {
    String merged = tokens.get(top.pair().left()) + tokens.get(top.pair().right());
    reused |= ids.containsKey(merged);
    int id = idOf(merged);
    merges.add(top.pair());
    Map<Pair, TreeSet<Integer>> changed = new LinkedHashMap<>();
    for (int w : top.words()) {
      mergeIn(w, top.pair(), id, changed);
    }
    enqueue(changed);
  }

  private int idOf(String token) {
    Integer id = ids.putIfAbsent(token, tokens.size());
    if (id == null) {
      tokens.add(token);
      return tokens.size() - 1;
    }
    return id;
  }

  private List<String> alphabet(Map<String, Long> corpus) {
    Map<Integer, long[]> found = new TreeMap<>();
    corpus.forEach(
        (word, count) ->
            word.chars().forEach(c -> found.computeIfAbsent(c, x -> new long[2])[1] += count));
    if (settings.alphabet() == TrainerSettings.Alphabet.BYTES) {
      for (int b = 0; b < 256; b++) {
        found.computeIfAbsent((int) ByteAlphabet.toChar(b), x -> new long[2])[0] = 1;
      }
    }
    for (String c : settings.characters()) {
      found.computeIfAbsent(c.codePointAt(0), x -> new long[2])[0] = 1;
    }
    List<Map.Entry<Integer, long[]>> kept = new ArrayList<>(found.entrySet());
    kept.sort(
        (x, y) -> {
          int initial = Long.compare(y.getValue()[0], x.getValue()[0]);
          int count = Long.compare(y.getValue()[1], x.getValue()[1]);
          return initial != 0 ? initial : count != 0 ? count : x.getKey() - y.getKey();
        });
    int limit = settings.limitAlphabet() == null ? kept.size() : settings.limitAlphabet();
    return kept.stream()
        .limit(limit)
        .map(Map.Entry::getKey)
        .sorted()
        .map(Character::toString)
        .toList();
  }

  private void mergeIn(int w, Pair pair, int id, Map<Pair, TreeSet<Integer>> where) {
    List<Integer> word = words.get(w);
    long count = counts.get(w);
    for (int i = 0; i + 1 < word.size(); i++) {
      if (word.get(i) != pair.left() || word.get(i + 1) != pair.right()) {
        continue;
      }
      word.set(i, id);
      word.remove(i + 1);
      if (i > 0) {
        change(new Pair(word.get(i - 1), pair.left()), -count, w, where);
        if (fits(word.get(i - 1), id)) {
          change(new Pair(word.get(i - 1), id), count, w, where);
        }
      }
      if (i + 1 < word.size()) {
        change(new Pair(pair.right(), word.get(i + 1)), -count, w, where);
        if (fits(id, word.get(i + 1))) {
          change(new Pair(id, word.get(i + 1)), count, w, where);
        }
      }
    }
  }

  private boolean fits(int left, int right) {
    Integer max = settings.maxTokenLength();
    return max == null || tokens.get(left).length() + tokens.get(right).length() < max;
  }

  private void change(Pair pair, long by, int word, Map<Pair, TreeSet<Integer>> where) {
    pairCounts.merge(pair, by, Long::sum);
    if (by > 0) {
      where.computeIfAbsent(pair, p -> new TreeSet<>()).add(word);
    }
  }

  private void enqueue(Map<Pair, TreeSet<Integer>> where) {
    where.forEach(
        (pair, at) -> {
          if (pairCounts.get(pair) > 0) {
            queue.add(new Queued(pair, pairCounts.get(pair), at, pushed++));
          }
        });
  }
}
