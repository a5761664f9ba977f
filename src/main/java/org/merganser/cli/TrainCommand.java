package org.merganser.cli;

import java.util.List;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.JobCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train}: learns a vocabulary, and nothing else. */
@Command(
    name = "train",
    description = "Learns a vocabulary and writes it as tokenizer.json.",
    footer = {
      "",
      "Example: ${ROOT-COMMAND-NAME} train --input 'sample-data/corpus/*.jsonl' --vocab-size 2000 \\",
      "           --pattern qwen2 --normalizer nfc --special-token '<|endoftext|>' \\",
      "           --output target/my-tokenizer"
    })
final class TrainCommand extends JobCommand {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Override
  protected String table() {
    return """
        --vocab-size vocabSize N! The most ids; --added-token and --pad-to come on top.
        --pattern pattern REGEX gpt2, cl100k, llama3, qwen2, …, or a regular expression.
        --family family FAMILY Frame it as this model family does, instead.
        --normalizer normalizer NORMALIZER none, nfc, nfd, nfkc or nfkd.
        --min-frequency minFrequency N Rarer pairs are not merged (2).
        --min-pretoken-count minPretokenCount N Rarer pretokens are not learned from (1).
        --special-token specialTokens TOKEN... Gets one of the first ids. May be repeated.
        --added-token addedTokens TOKEN... Is cut out before counting. May be repeated.
        --feed feed FEED document, or lineWithNewline as HF trains from files (document).
        --initial-alphabet initialAlphabet ALPHABET bytes, or seen (bytes).
        --alphabet-character characters CHARACTER... A character (byte-level form) of the \
        alphabet, seen or not. May be repeated.
        --limit-alphabet limitAlphabet N Keep at most this many single bytes.
        --max-token-length maxTokenLength N Longest merged token, exclusive as in HF.
        --max-bytes maxBytes N Train on about this much text.
        --mix mix GROUP=WEIGHT... Weight (0.3) of a group in what is learned from. Repeatable.
        --superwords superwords.from SHARE Tokens may span words once this share of the \
        vocabulary is learned (0.9).
        --reserved reserved N Spare special tokens (0).
        --pad-to padTo N Round the rows up to a multiple (1).
        --keep-counts keepCounts - Write the (pretoken, count) table, too.
        --counts counts FILE... Learn from this (pretoken, count) table, no text. May be repeated.
        --count-weight countWeights N... A whole factor for each --counts, in order.
        --continue continueFrom TOKENIZER Go on merging from this vocabulary; its ids stay.
        --allow-mergeable-special-tokens allowMergeableSpecialTokens - Allow a special token \
        that merges or a single pretoken could produce.
        """
            .replaceAll("(?m)^(--[a-z-]+) ", "$1 tokenizer.train.")
        + """
        --exclude-ids corpus.excludeIds FILE... A file of document ids, one a line, to leave out. \
        May be repeated.
        --group-by shards.groupBy FIELD Field path of a document's group, such as lang, for --mix.
        --output output FOLDER! The folder to write.
        """;
  }

  @Override
  public Integer call() throws Exception {
    refuse(!corpus.isGiven(), "without --input", "--format", "--text-field", "--id-field");
    refuse(!isGiven("--mix"), "without --mix", "--group-by");
    List<String> settings = settings();
    settings.addAll(corpus.settings());
    settings.add("shards.formats=[]");
    return run(settings);
  }
}
