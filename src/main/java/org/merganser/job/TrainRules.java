package org.merganser.job;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.corpus.CorpusInput;

/**
 * The rules among the keys of {@code tokenizer.train}, and between them and the rest of the job.
 */
final class TrainRules {
  /** The path of the section, as the beginning of the paths of its keys. */
  private static final String PREFIX = "tokenizer.train.";

  /** The number of different bytes, which are all tokens with {@code initialAlphabet: bytes}. */
  private static final int BYTES = 256;

  /**
   * The spelling of the tokens that {@code tokenizer.train.reserved} adds, by {@code
   * pipeline.settings.TrainingSettings}. A number that is too large is refused with the vocabulary.
   */
  private static final Pattern RESERVED = Pattern.compile("<\\|reserved_\\d+\\|>");

  private TrainRules() {}

  /** Adds the problems of the section {@code tokenizer.train}, each as {@code key: problem}. */
  static void check(Job job, TrainSection train, List<String> problems) {
    if (!train.countWeights().isEmpty() && train.countWeights().size() != train.counts().size()) {
      problems.add(
          (PREFIX + "countWeights: %s must have one weight for each of the %s tables in %scounts")
              .formatted(train.countWeights(), train.counts().size(), PREFIX));
    }
    checkVocabulary(train, problems);
    checkMix(job, train, problems);
    if (train.parity() != null) {
      requireGroups("parity", job, train, problems);
      SortedMap<String, Double> ratios = train.parity().ratios();
      requireFewGroups("parity.ratios", ratios == null ? 0 : ratios.size(), problems);
    }
    checkTokensOfDocuments(job.shards(), train, problems);
  }

  /** The tokens and characters that a vocabulary must have, and its room for them. */
  private static void checkVocabulary(TrainSection train, List<String> problems) {
    Set<String> specials = new HashSet<>(train.specialTokens());
    if (specials.size() < train.specialTokens().size()) {
      problems.add(PREFIX + "specialTokens: a token is listed twice");
    }
    for (String character : train.characters()) {
      if (character.codePointCount(0, character.length()) != 1) {
        problems.add(PREFIX + "characters: \"%s\" is not one character".formatted(character));
      }
    }
    if (train.initialAlphabet() == TrainerSettings.Alphabet.BYTES
        && train.limitAlphabet() == null) {
      int specialCount = specials.size() + train.reserved();
      if (train.vocabSize() < BYTES + specialCount) {
        problems.add(
            (PREFIX
                    + "vocabSize: %s is below %s, the 256 bytes and %s special tokens that are"
                    + " always in the vocabulary")
                .formatted(train.vocabSize(), BYTES + specialCount, specialCount));
      }
    }
  }

  /** A mix needs groups, and one of them with a weight. */
  private static void checkMix(Job job, TrainSection train, List<String> problems) {
    SortedMap<String, Double> mix = train.mix();
    if (mix == null) {
      return;
    }
    requireGroups("mix", job, train, problems);
    requireFewGroups("mix", mix.size(), problems);
    if (mix.values().stream().allMatch(weight -> weight == 0)) {
      problems.add(PREFIX + "mix: at least one group must have more than 0");
    }
  }

  /** A key must not name more groups than training can count separately. */
  private static void requireFewGroups(String key, int groups, List<String> problems) {
    if (groups > GroupedCounts.MAX_GROUPS) {
      problems.add(
          (PREFIX + "%s: names %s groups; at most %s are possible")
              .formatted(key, groups, GroupedCounts.MAX_GROUPS));
    }
  }

  /** A key that is about groups needs documents that have one. */
  private static void requireGroups(
      String key, Job job, TrainSection train, List<String> problems) {
    List<CorpusInput> inputs =
        train.inputs().isEmpty() && job.corpus() != null ? job.corpus().inputs() : train.inputs();
    if (job.shards().groupBy() == null
        && inputs.stream().allMatch(input -> input.group() == null)) {
      problems.add(
          ("shards.groupBy: is required with %s%s: the field whose values are its groups; or name"
                  + " the group of each input")
              .formatted(PREFIX, key));
    }
  }

  /**
   * The token after documents must be one of the special tokens that are learned; the one before
   * them may be any added token, also of the vocabulary that is continued.
   */
  private static void checkTokensOfDocuments(
      ShardsSection shards, TrainSection train, List<String> problems) {
    List<String> specials = train.specialTokens();
    String end = shards.endOfDocument();
    if (end != null && !specials.contains(end)) {
      problems.add(
          "shards.endOfDocument: \"%s\" is not among %sspecialTokens %s"
              .formatted(end, PREFIX, specials));
    }
    String begin = shards.beginOfDocument();
    if (begin != null
        && train.continueFrom() == null
        && !specials.contains(begin)
        && !train.addedTokens().contains(begin)
        && !RESERVED.matcher(begin).matches()) {
      problems.add(
          "shards.beginOfDocument: \"%s\" is not among %sspecialTokens %s and addedTokens"
              .formatted(begin, PREFIX, specials));
    }
  }
}
