package org.merganser.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.merganser.bpe.count.GroupedCounts;
import org.merganser.bpe.train.TrainerSettings;
import org.merganser.layout.ShardFormat;
import org.merganser.shard.ShardColumn;

/** What keys must satisfy together. */
final class JobRules {
  private JobRules() {}

  static List<String> problems(Job job) {
    List<String> problems = new ArrayList<>();
    if (job.shards().from() != null) {
      joinOnly(job, problems);
    } else {
      reading(job, problems);
    }
    ShardRules.check(job, problems);
    if (job.embeddings() != null && job.embeddings().output().isEmpty()) {
      problems.add(
          "embeddings.output: [] must name some of rows, pooled and sequence; or drop embeddings");
    }
    if (job.embeddings() != null
        && !job.embeddings().output().equals(List.of(Job.EmbeddedOutput.ROWS))) {
      for (ShardColumn column : List.of(ShardColumn.DOC_ID, ShardColumn.PART)) {
        if (job.shards().leavesOut(column)) {
          problems.add(
              "shards.columns.%s: null, and the vectors of documents (embeddings.output) need it"
                  .formatted(column.key()));
        }
      }
    }
    if (job.embeddings() != null
        && (job.embeddings().table() == null) == (job.embeddings().learn() == null)) {
      problems.add(
          "embeddings: needs exactly one of table (a Parquet file) and learn (vectors from the"
              + " shards);"
              + (job.embeddings().table() == null ? " neither is given" : " both are given"));
    }
    return problems;
  }

  /** What would change shards that are there. */
  private static void appending(Job job, Job.Corpus corpus, List<String> problems) {
    if (job.tokenizer() != null && job.tokenizer().train() != null) {
      problems.add(
          "corpus.append: needs tokenizer.load, since a vocabulary that is learned again changes every"
              + " shard; copy OUT/tokenizer to another folder and load it from there");
    }
    if (corpus.choice().deduplicate() != Job.Deduplicate.NONE) {
      problems.add(
          "corpus.append: cannot stand beside corpus.deduplicate, since a new document may come before"
              + " one that is in a shard");
    }
    if (job.shards().formats().isEmpty()) {
      problems.add("corpus.append: needs shards; shards.formats is []");
    }
  }

  private static void joinOnly(Job job, List<String> problems) {
    String reason = " cannot stand beside shards.from, which takes them from an earlier run";
    if (job.corpus() != null) {
      problems.add("corpus:" + reason);
    }
    if (job.tokenizer() != null) {
      problems.add("tokenizer:" + reason);
    }
    if (ShardRules.mergesRuns(job.shards())) {
      if (job.embeddings() != null) {
        problems.add("embeddings: cannot stand beside several runs in shards.from; join each run");
      }
      if (job.learn() != null) {
        problems.add("learn: cannot stand beside several runs in shards.from");
      }
    }
    if (job.embeddings() == null && job.learn() == null && !ShardRules.makesMore(job.shards())) {
      problems.add(
          "embeddings: is required with shards.from: the table to join the shards with; or learn:"
              + " what to learn from them; or other layouts: shards.formats, shards.pack,"
              + " shards.shuffle");
    }
  }

  private static void reading(Job job, List<String> problems) {
    boolean fromCounts =
        job.tokenizer() != null
            && job.tokenizer().train() != null
            && !job.tokenizer().train().tables().counts().isEmpty();
    if (job.corpus() == null) {
      if (!fromCounts || !job.shards().formats().isEmpty()) {
        problems.add("corpus: is required: what is read");
      }
    } else if (job.corpus().inputs().isEmpty()) {
      problems.add("corpus.inputs: [] must name at least one file, folder or glob");
    }
    if (job.corpus() != null
        && job.corpus().limits().maxWholeDocumentBytes() != null
        && job.corpus().limits().maxWholeDocumentBytes()
            < job.corpus().limits().maxDocumentBytes()) {
      problems.add(
          "corpus.maxWholeDocumentBytes: "
              + job.corpus().limits().maxWholeDocumentBytes()
              + " must be at least corpus.maxDocumentBytes, which is "
              + job.corpus().limits().maxDocumentBytes());
    }
    Job.TokenizerChoice tokenizer = job.tokenizer();
    if (job.corpus() != null && job.corpus().append()) {
      appending(job, job.corpus(), problems);
    }
    if (tokenizer == null) {
      problems.add("tokenizer: is required: train, or load");
    } else if ((tokenizer.train() == null) == (tokenizer.load() == null)) {
      problems.add(
          "tokenizer: needs exactly one of train (learn a vocabulary) and load (a tokenizer.json);"
              + (tokenizer.train() == null ? " neither is given" : " both are given"));
    }
    if (tokenizer != null && tokenizer.train() != null) {
      train(job, tokenizer.train(), problems);
    }
    InputRules.check(job, problems);
    List<ShardFormat> formats = job.shards().formats();
    if (formats.isEmpty() && job.embeddings() != null) {
      problems.add(
          "shards.formats: [] makes no shards, so there is nothing to join embeddings with");
    }
    if (formats.isEmpty() && job.learn() != null) {
      problems.add("shards.formats: [] makes no shards, so there is nothing to learn from");
    }
  }

  private static void counts(TrainSection train, List<String> problems) {
    if (!train.tables().countWeights().isEmpty()
        && train.tables().countWeights().size() != train.tables().counts().size()) {
      problems.add(
          ("tokenizer.train.countWeights: %s must have one weight for each of the %s"
                  + " tables in tokenizer.train.counts")
              .formatted(train.tables().countWeights(), train.tables().counts().size()));
    }
    if (!train.tables().counts().isEmpty()) {
      if (!train.sample().inputs().isEmpty()) {
        problems.add("tokenizer.train.inputs: cannot stand beside tokenizer.train.counts");
      }
      if (train.sample().mix() != null) {
        problems.add(
            "tokenizer.train.mix: cannot stand beside tokenizer.train.counts, which have no groups;"
                + " tokenizer.train.countWeights weighs tables");
      }
      if (train.sample().maxBytes() != null) {
        problems.add("tokenizer.train.maxBytes: cannot stand beside tokenizer.train.counts");
      }
      if (train.tables().keepCounts()) {
        problems.add("tokenizer.train.keepCounts: the counts are given, there is nothing to keep");
      }
    }
  }

  /** What is wrong with a training, whatever becomes of the tokenizer. */
  private static List<String> problems(TrainSection train) {
    List<String> problems = new ArrayList<>();
    counts(train, problems);
    if (train.continueFrom() != null) {
      if (train.split().pattern() != null
          || train.split().family() != null
          || train.split().normalizer() != null) {
        problems.add(
            "tokenizer.train.continueFrom: pattern, family and normalizer are those of "
                + train.continueFrom()
                + " and cannot be given beside it");
      }
    } else if ((train.split().pattern() == null) == (train.split().family() == null)) {
      problems.add(
          "tokenizer.train: needs exactly one of pattern (such as qwen2) and family (such as qwen2);"
              + (train.split().pattern() == null ? " neither is given" : " both are given"));
    }
    superwords(train, problems);
    Set<String> specials = new HashSet<>();
    for (String special : train.tokens().specialTokens()) {
      if (!specials.add(special)) {
        problems.add("tokenizer.train.specialTokens: \"" + special + "\" is listed twice");
      }
    }
    if (train.alphabet().initialAlphabet() == TrainerSettings.Alphabet.BYTES
        && train.alphabet().limitAlphabet() == null) {
      long least = 256L + specials.size() + train.tokens().reserved();
      if (train.vocabSize() < least) {
        problems.add(
            ("tokenizer.train.vocabSize: %s is below %s, the 256 bytes and %s special"
                    + " tokens that are always in the vocabulary")
                .formatted(train.vocabSize(), least, specials.size() + train.tokens().reserved()));
      }
    }
    return problems;
  }

  private static void superwords(TrainSection train, List<String> problems) {
    if (train.superwords() == null) {
      return;
    }
    String reason = "tokenizer.train.superwords: cannot stand beside tokenizer.train.";
    if (train.continueFrom() != null) {
      problems.add(reason + "continueFrom; both stages are learned from the text");
    }
    if (!train.tables().counts().isEmpty()) {
      problems.add(reason + "counts; the second stage reads the text again");
    }
    if (train.sample().mix() != null) {
      problems.add(reason + "mix; the second stage counts all text alike");
    }
  }

  private static void parity(Job job, TrainSection train, List<String> problems) {
    TrainSection.Parity parity = train.parity();
    if (parity == null) {
      return;
    }
    String beside = " cannot stand beside tokenizer.train.parity";
    requireGroups("parity", job, train, problems);
    if (parity.ratios() != null && !parity.dev().isEmpty()) {
      problems.add("tokenizer.train.parity: ratios and dev cannot both be given");
    }
    if (parity.ratios() != null && parity.ratios().size() > GroupedCounts.MAX_GROUPS) {
      problems.add(
          "tokenizer.train.parity.ratios: names %s groups; at most %s are possible"
              .formatted(parity.ratios().size(), GroupedCounts.MAX_GROUPS));
    }
    if (train.sample().mix() != null) {
      problems.add("tokenizer.train.mix:" + beside + ", which weighs groups itself");
    }
    if (!train.tables().counts().isEmpty()) {
      problems.add("tokenizer.train.counts:" + beside + ": tables of counts have no groups");
    }
    if (train.continueFrom() != null) {
      problems.add("tokenizer.train.continueFrom:" + beside);
    }
    if (train.superwords() != null) {
      problems.add("tokenizer.train.superwords:" + beside);
    }
    if (train.alphabet().limitAlphabet() != null) {
      problems.add("tokenizer.train.limitAlphabet:" + beside);
    }
  }

  private static void requireGroups(
      String key, Job job, TrainSection train, List<String> problems) {
    if (job.shards().groupBy() == null && !InputRules.nameGroups(job, train)) {
      problems.add(
          ("shards.groupBy: is required with tokenizer.train.%s: the field whose values are its"
                  + " groups; or name the group of each input")
              .formatted(key));
    }
  }

  private static void mix(Job job, TrainSection train, List<String> problems) {
    SortedMap<String, MixShare> mix = train.sample().mix();
    if (mix == null) {
      return;
    }
    requireGroups("mix", job, train, problems);
    if (mix.size() > GroupedCounts.MAX_GROUPS) {
      problems.add(
          "tokenizer.train.mix: names %s groups; at most %s are possible"
              .formatted(mix.size(), GroupedCounts.MAX_GROUPS));
    }
    if (mix.values().stream().map(share -> share.weight() == null).distinct().count() > 1) {
      problems.add(
          "tokenizer.train.mix: has weights and quotas of bytes; all of its groups must have one of"
              + " both");
    } else if (mix.values().stream().allMatch(MixShare::isNothing)) {
      problems.add("tokenizer.train.mix: at least one group must have more than 0");
    }
  }

  private static void train(Job job, TrainSection train, List<String> problems) {
    ShardsSection shards = job.shards();
    problems.addAll(problems(train));
    mix(job, train, problems);
    parity(job, train, problems);
    ShardRules.checkBeginToken(shards, train, problems);
    String end = shards.endOfDocument();
    if (end != null && !train.tokens().specialTokens().contains(end)) {
      problems.add(
          "shards.endOfDocument: \"%s\" is not among tokenizer.train.specialTokens %s"
              .formatted(end, train.tokens().specialTokens()));
    }
  }
}
