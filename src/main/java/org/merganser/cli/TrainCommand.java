package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.JobCommand;
import org.merganser.cli.job.KeyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code train}: a job that writes no shards. */
@Command(
    name = "train",
    description = "Learn a vocabulary and write it as tokenizer.json.",
    footer =
        """
        Example: ${ROOT-COMMAND-NAME} train --input 'sample-data/corpus/*.jsonl' --vocab-size 2000 \\
                   --pattern qwen2 --normalizer nfc --special-token '<|endoftext|>' \\
                   --output target/my-tokenizer
        """)
final class TrainCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  public List<KeyOption> keyOptions() {
    return List.of(
        KeyOption.required("--vocab-size N", "tokenizer.train.vocabSize"),
        KeyOption.of("--pattern REGEX", "tokenizer.train.pattern"),
        KeyOption.of("--family FAMILY", "tokenizer.train.family"),
        KeyOption.of("--normalizer NORMALIZER", "tokenizer.train.normalizer"),
        KeyOption.of("--min-frequency N", "tokenizer.train.minFrequency"),
        KeyOption.of("--special-token TOKEN", "tokenizer.train.specialTokens"),
        KeyOption.of("--max-bytes N", "tokenizer.train.maxBytes"),
        KeyOption.of("--mix GROUP=WEIGHT", "tokenizer.train.mix"),
        KeyOption.of("--group-by FIELD", "shards.groupBy"),
        KeyOption.required("--output FOLDER", "output"),
        KeyOption.onlyInFullHelp("--min-pretoken-count N", "tokenizer.train.minPretokenCount"),
        KeyOption.onlyInFullHelp("--added-token TOKEN", "tokenizer.train.addedTokens"),
        KeyOption.onlyInFullHelp("--feed FEED", "tokenizer.train.feed"),
        KeyOption.onlyInFullHelp("--initial-alphabet ALPHABET", "tokenizer.train.initialAlphabet"),
        KeyOption.onlyInFullHelp("--alphabet-character CHARACTER", "tokenizer.train.characters"),
        KeyOption.onlyInFullHelp("--limit-alphabet N", "tokenizer.train.limitAlphabet"),
        KeyOption.onlyInFullHelp("--max-token-length N", "tokenizer.train.maxTokenLength"),
        KeyOption.onlyInFullHelp("--superwords SHARE", "tokenizer.train.superwords.from"),
        KeyOption.onlyInFullHelp("--reserved N", "tokenizer.train.reserved"),
        KeyOption.onlyInFullHelp("--pad-to N", "tokenizer.train.padTo"),
        KeyOption.onlyInFullHelp("--keep-counts", "tokenizer.train.keepCounts"),
        KeyOption.onlyInFullHelp("--counts FILE", "tokenizer.train.counts"),
        KeyOption.onlyInFullHelp("--count-weight N", "tokenizer.train.countWeights"),
        KeyOption.onlyInFullHelp("--continue TOKENIZER", "tokenizer.train.continueFrom"),
        KeyOption.onlyInFullHelp(
            "--allow-mergeable-special-tokens", "tokenizer.train.allowMergeableSpecialTokens"),
        KeyOption.onlyInFullHelp("--exclude-ids FILE", "corpus.excludeIds"));
  }

  @Override
  public Integer call() throws Exception {
    if (!corpus.hasInput()) {
      corpus.refuseOthers("without --input");
    }
    refuseIf(!isGiven("--mix"), "without --mix", "--group-by");
    List<String> settings = givenSettings();
    settings.addAll(corpus.jobSettings());
    settings.add("shards.formats=[]");
    return run(settings);
  }
}
