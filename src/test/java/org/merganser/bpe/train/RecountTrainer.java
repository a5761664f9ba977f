package org.merganser.bpe.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BPE as a textbook says it: count all pairs, merge the most frequent one everywhere, again. Equals
 * HF's trainer as long as no merge gives a token that exists already.
 */
final class RecountTrainer {
  private RecountTrainer() {}

  /**
   * @param alphabet the tokens before the first merge
   * @param corpus byte-level words of that alphabet and their counts
   */
  static TrainedBpe train(
      TrainerSettings settings, List<String> alphabet, Map<String, Long> corpus) {
    List<String> tokens = new ArrayList<>(alphabet);
    Map<List<String>, Long> words = new HashMap<>();
    corpus.forEach(
        (word, count) -> {
          List<String> symbols = new ArrayList<>();
          word.chars()
              .mapToObj(c -> String.valueOf((char) c))
              .filter(tokens::contains)
              .forEach(symbols::add);
          words.merge(symbols, count, Long::sum);
        });
    List<Integer> merges = new ArrayList<>();
    while (tokens.size() < settings.vocabSize()) {
      Map<List<String>, Long> pairs = new HashMap<>();
      words.forEach(
          (word, count) -> {
            for (int i = 1; i < word.size(); i++) {
              if (allowed(settings, word.get(i - 1), word.get(i))) {
                pairs.merge(List.of(word.get(i - 1), word.get(i)), count, Long::sum);
              }
            }
          });
      List<String> best =
          pairs.keySet().stream()
              .min(
                  (x, y) -> {
                    int count = Long.compare(pairs.get(y), pairs.get(x));
                    int left = tokens.indexOf(x.get(0)) - tokens.indexOf(y.get(0));
                    int right = tokens.indexOf(x.get(1)) - tokens.indexOf(y.get(1));
                    return count != 0 ? count : left != 0 ? left : right;
                  })
              .orElse(null);
      if (best == null || pairs.get(best) < Math.max(1, settings.minFrequency())) {
        break;
      }
      merges.add(tokens.indexOf(best.get(0)));
      merges.add(tokens.indexOf(best.get(1)));
      tokens.add(best.get(0) + best.get(1));
      Map<List<String>, Long> merged = new HashMap<>();
      words.forEach((word, count) -> merged.merge(merge(word, best), count, Long::sum));
      words.clear();
      words.putAll(merged);
    }
    return new TrainedBpe(tokens, merges.stream().mapToInt(Integer::intValue).toArray());
  }

  private static boolean allowed(TrainerSettings settings, String left, String right) {
    Integer max = settings.maxTokenLength();
    int length = left.length() + right.length();
    return max == null || length == 2 || length < max;
  }

  private static List<String> merge(List<String> word, List<String> pair) {
    List<String> merged = new ArrayList<>();
    for (int i = 0; i < word.size(); i++) {
      if (i + 1 < word.size() && word.subList(i, i + 2).equals(pair)) {
        merged.add(pair.get(0) + pair.get(1));
        i++;
      } else {
        merged.add(word.get(i));
      }
    }
    return merged;
  }
}
