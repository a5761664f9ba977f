package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "train")
final class TrainCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  protected List<KeyOption> keyOptions() {
    return List.of(
        train("--vocab-size", "vocabSize", "N").required(),
        train("--pattern", "pattern", "REGEX"),
        train("--family", "family", "FAMILY"),
        train("--normalizer", "normalizer", "NORMALIZER"),
        train("--min-frequency", "minFrequency", "N"),
        train("--min-pretoken-count", "minPretokenCount", "N").seldom(),
        train("--special-token", "specialTokens", "TOKEN"),
        train("--added-token", "addedTokens", "TOKEN").seldom(),
        train("--feed", "feed", "FEED").seldom(),
        train("--initial-alphabet", "initialAlphabet", "ALPHABET").seldom(),
        train("--alphabet-character", "characters", "CHARACTER").seldom(),
        train("--limit-alphabet", "limitAlphabet", "N").seldom(),
        train("--max-token-length", "maxTokenLength", "N").seldom(),
        train("--max-bytes", "maxBytes", "N"),
        train("--mix", "mix", "GROUP=WEIGHT"),
        train("--superwords", "superwords.from", "SHARE").seldom(),
        train("--reserved", "reserved", "N").seldom(),
        train("--pad-to", "padTo", "N").seldom(),
        train("--keep-counts", "keepCounts", "").seldom(),
        train("--counts", "counts", "FILE").seldom(),
        train("--count-weight", "countWeights", "N").seldom(),
        train("--continue", "continueFrom", "TOKENIZER")
            .convertedBy(new FileArgument.Tokenizer())
            .seldom(),
        train("--allow-mergeable-special-tokens", "allowMergeableSpecialTokens", "").seldom(),
        KeyOption.of("--exclude-ids", "corpus.excludeIds", "FILE").seldom(),
        KeyOption.of("--group-by", "shards.groupBy", "FIELD"),
        KeyOption.of("--output", "output", "FOLDER").required());
  }

  private static KeyOption train(String name, String key, String placeholder) {
    return KeyOption.of(name, "tokenizer.train." + key, placeholder);
  }

  @Override
  public Integer call() throws Exception {
    if (!corpus.isGiven()) {
      corpus.refuseAll("without --input");
    }
    refuse(!isGiven("--mix"), "without --mix", "--group-by");
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    settings.add("shards.formats=[]");
    return run(settings);
  }
}
