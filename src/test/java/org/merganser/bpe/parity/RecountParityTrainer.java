package org.merganser.bpe.parity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.bpe.train.TrainerSettings;

/**
 * Parity-aware BPE as its definition says it: choose the group that is worst off, count all pairs
 * of all words, take the group's most frequent one, merge it everywhere, again.
 */
final class RecountParityTrainer {
  private final TrainerSettings settings;
  private final ParitySettings parity;
  private final List<String> tokens;
  private final Map<List<String>, long[]> words;
  private final Map<List<String>, long[]> development;
  private final Set<Integer> exhausted = new HashSet<>();
  private final Deque<Integer> window = new ArrayDeque<>();
  private final Map<List<String>, long[]> leftOut = new HashMap<>();
  private final long[] first;
  private final List<Integer> merges = new ArrayList<>();

  /**
   * @param alphabet the tokens before the first merge: the special tokens, then the letters
   * @param corpus byte-level words and their counts by group
   * @param development the same to measure; empty to measure the corpus
   * @param minimumCount of all groups together: rarer words are counted as their letters
   */
  RecountParityTrainer(
      TrainerSettings settings,
      ParitySettings parity,
      List<String> alphabet,
      Map<String, long[]> corpus,
      Map<String, long[]> development,
      long minimumCount) {
    this.settings = settings;
    this.parity = parity;
    this.tokens = new ArrayList<>(alphabet);
    this.words = symbols(corpus);
    words.forEach(
        (word, counts) -> {
          if (Arrays.stream(counts).sum() < minimumCount) {
            leftOut.put(word, counts);
          }
        });
    words.keySet().removeAll(leftOut.keySet());
    this.development = symbols(development);
    this.first = lengths();
  }

  private static Map<List<String>, long[]> symbols(Map<String, long[]> corpus) {
    Map<List<String>, long[]> words = new HashMap<>();
    corpus.forEach((word, counts) -> words.put(List.of(word.split("")), counts));
    return words;
  }

  TrainedBpe train() {
    while (tokens.size() < settings.vocabSize()) {
      boolean global = merges.size() / 2 < parity.globalMerges();
      int group = global ? -1 : worstOff();
      if (!global && group < 0) {
        break;
      }
      List<String> best = mostFrequent(group);
      if (best == null) {
        if (global) {
          break;
        }
        exhausted.add(group);
        continue;
      }
      merges.add(tokens.indexOf(best.get(0)));
      merges.add(tokens.indexOf(best.get(1)));
      if (!tokens.contains(best.get(0) + best.get(1))) {
        tokens.add(best.get(0) + best.get(1));
      }
      merge(words, best);
      merge(development, best);
    }
    return new TrainedBpe(tokens, merges.stream().mapToInt(Integer::intValue).toArray());
  }

  private long[] lengths() {
    long[] lengths = new long[parity.groups()];
    if (development.isEmpty()) {
      addLengths(words, lengths);
      addLengths(leftOut, lengths);
    } else {
      addLengths(development, lengths);
    }
    return lengths;
  }

  private static void addLengths(Map<List<String>, long[]> words, long[] lengths) {
    words.forEach(
        (word, counts) -> {
          for (int group = 0; group < lengths.length; group++) {
            lengths[group] += counts[group] * word.size();
          }
        });
  }

  private int worstOff() {
    List<Integer> left = new ArrayList<>();
    for (int group = 0; group < parity.groups(); group++) {
      if (!exhausted.contains(group)) {
        left.add(group);
      }
    }
    if (left.isEmpty()) {
      return -1;
    }
    long[] lengths = lengths();
    double[] ratios = parity.ratios();
    // A stable sort: of equals the first comes first.
    left.sort(
        (a, b) ->
            ratios == null
                ? Long.compare(lengths[b], lengths[a])
                : Double.compare(
                    (double) first[a] / lengths[a] / ratios[a],
                    (double) first[b] / lengths[b] / ratios[b]));
    if (parity.window() == 0) {
      return left.get(0);
    }
    int chosen = left.get(left.size() - 1);
    for (int group : left) {
      long turns = window.stream().filter(each -> each == group).count();
      if (turns * 1.0 / parity.window() <= parity.alpha() / parity.groups()) {
        chosen = group;
        break;
      }
    }
    window.addLast(chosen);
    if (window.size() > parity.window()) {
      window.removeFirst();
    }
    return chosen;
  }

  /**
   * @param group -1 for all together
   */
  private List<String> mostFrequent(int group) {
    Map<List<String>, Long> pairs = new HashMap<>();
    words.forEach(
        (word, counts) -> {
          long count = 0;
          for (int each = 0; each < counts.length; each++) {
            count += group < 0 || each == group ? counts[each] : 0;
          }
          for (int i = 1; i < word.size() && count > 0; i++) {
            if (allowed(word.get(i - 1), word.get(i))) {
              pairs.merge(List.of(word.get(i - 1), word.get(i)), count, Long::sum);
            }
          }
        });
    List<String> best = null;
    for (Map.Entry<List<String>, Long> pair : pairs.entrySet()) {
      if (pair.getValue() >= Math.max(1, settings.minFrequency())
          && (best == null || isBetter(pair.getKey(), best, pairs))) {
        best = pair.getKey();
      }
    }
    return best;
  }

  private static boolean isBetter(
      List<String> pair, List<String> other, Map<List<String>, Long> pairs) {
    int count = Long.compare(pairs.get(pair), pairs.get(other));
    int left = pair.get(0).compareTo(other.get(0));
    int right = pair.get(1).compareTo(other.get(1));
    return count != 0 ? count > 0 : left != 0 ? left > 0 : right > 0;
  }

  private boolean allowed(String left, String right) {
    Integer max = settings.maxTokenLength();
    int length = left.length() + right.length();
    return max == null || length == 2 || length < max;
  }

  private static void merge(Map<List<String>, long[]> words, List<String> pair) {
    Map<List<String>, long[]> merged = new HashMap<>();
    words.forEach(
        (word, counts) -> {
          List<String> symbols = new ArrayList<>();
          for (int i = 0; i < word.size(); i++) {
            if (i + 1 < word.size() && word.subList(i, i + 2).equals(pair)) {
              symbols.add(pair.get(0) + pair.get(1));
              i++;
            } else {
              symbols.add(word.get(i));
            }
          }
          long[] known = merged.putIfAbsent(symbols, counts.clone());
          for (int group = 0; known != null && group < counts.length; group++) {
            known[group] += counts[group];
          }
        });
    words.clear();
    words.putAll(merged);
  }
}
