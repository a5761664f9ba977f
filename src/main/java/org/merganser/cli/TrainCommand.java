package org.merganser.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.merganser.cli.job.CorpusOptions;
import org.merganser.cli.job.FileArgument;
import org.merganser.cli.job.JobCommand;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--vocab-size",
      required = true,
      description = "The most ids; --added-token and --pad-to come on top.")
  private int vocabSize;

  @Option(
      names = "--pattern",
      description = "gpt2, cl100k, llama3, qwen2, …, or a regular expression.")
  private @Nullable String pattern;

  @Option(names = "--family", description = "Frame it as this model family does, instead.")
  private @Nullable String family;

  @Option(names = "--normalizer", description = "none, nfc, nfd, nfkc or nfkd.")
  private @Nullable String normalizer;

  @Option(names = "--min-frequency", description = "Rarer pairs are not merged (${DEFAULT-VALUE}).")
  private long minFrequency = 2;

  @Option(
      names = "--min-pretoken-count",
      description = "Rarer pretokens are not learned from (${DEFAULT-VALUE}).")
  private long minPretokenCount = 1;

  @Option(names = "--special-token", description = "Gets one of the first ids. May be repeated.")
  private List<String> specialTokens = new ArrayList<>();

  @Option(names = "--added-token", description = "Is cut out before counting. May be repeated.")
  private List<String> addedTokens = new ArrayList<>();

  @Option(
      names = "--feed",
      description = "document, or lineWithNewline as HF trains from files (${DEFAULT-VALUE}).")
  private String feed = "document";

  @Option(names = "--initial-alphabet", description = "bytes, or seen (${DEFAULT-VALUE}).")
  private String initialAlphabet = "bytes";

  @Option(
      names = "--alphabet-character",
      description = "A character (byte-level form) of the alphabet, seen or not. May be repeated.")
  private List<String> characters = new ArrayList<>();

  @Option(names = "--limit-alphabet", description = "Keep at most this many single bytes.")
  private @Nullable Integer limitAlphabet;

  @Option(names = "--max-token-length", description = "Longest merged token, exclusive as in HF.")
  private @Nullable Integer maxTokenLength;

  @Option(names = "--max-bytes", description = "Train on about this much text.")
  private @Nullable Long maxBytes;

  @Option(
      names = "--group-by",
      paramLabel = "FIELD",
      description = "Field path of a document's group, such as lang, for --mix.")
  private @Nullable String groupBy;

  @Option(
      names = "--mix",
      paramLabel = "GROUP=WEIGHT",
      description = "Weight (0.3) of a group in what is learned from. Repeatable.")
  private Map<String, Double> mix = new LinkedHashMap<>();

  @Option(
      names = "--superwords",
      paramLabel = "SHARE",
      description = "Tokens may span words once this share of the vocabulary is learned (0.9).")
  private @Nullable Double superwords;

  @Option(names = "--reserved", description = "Spare special tokens (${DEFAULT-VALUE}).")
  private int reserved;

  @Option(names = "--pad-to", description = "Round the rows up to a multiple (${DEFAULT-VALUE}).")
  private int padTo = 1;

  @Option(names = "--keep-counts", description = "Write the (pretoken, count) table, too.")
  private boolean keepCounts;

  @Option(
      names = "--counts",
      paramLabel = "FILE",
      description = "Learn from this (pretoken, count) table, no text. May be repeated.")
  private List<String> counts = new ArrayList<>();

  @Option(
      names = "--count-weight",
      paramLabel = "N",
      description = "A whole factor for each --counts, in order.")
  private List<Long> countWeights = new ArrayList<>();

  @Option(
      names = "--continue",
      paramLabel = "TOKENIZER",
      converter = FileArgument.Tokenizer.class,
      description = "Go on merging from this vocabulary; its ids stay.")
  private @Nullable String continueFrom;

  @Option(
      names = "--allow-mergeable-special-tokens",
      description = "Allow a special token that merges or a single pretoken could produce.")
  private boolean allowMergeableSpecialTokens;

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Override
  public Integer call() throws Exception {
    List<String> settings = corpus.settings();
    refuse(!corpus.isGiven(), "without --input", "--format", "--text-field", "--id-field");
    refuse(mix.isEmpty(), "without --mix", "--group-by");
    String train = "tokenizer.train.";
    settings.add(train + "vocabSize=" + vocabSize);
    settings.add(train + "minFrequency=" + minFrequency);
    settings.add(train + "minPretokenCount=" + minPretokenCount);
    settings.add(JobReader.texts(train + "specialTokens", specialTokens));
    settings.add(JobReader.texts(train + "addedTokens", addedTokens));
    settings.add(JobReader.text(train + "feed", feed));
    settings.add(JobReader.text(train + "initialAlphabet", initialAlphabet));
    settings.add(JobReader.texts(train + "characters", characters));
    CorpusOptions.add(settings, train + "pattern", pattern);
    CorpusOptions.add(settings, train + "family", family);
    CorpusOptions.add(settings, train + "normalizer", normalizer);
    CorpusOptions.add(settings, train + "limitAlphabet", limitAlphabet);
    CorpusOptions.add(settings, train + "maxTokenLength", maxTokenLength);
    CorpusOptions.add(settings, train + "maxBytes", maxBytes);
    CorpusOptions.add(settings, "shards.groupBy", groupBy);
    if (!mix.isEmpty()) {
      settings.add(JobReader.numbers(train + "mix", mix));
    }
    CorpusOptions.add(settings, train + "superwords.from", superwords);
    settings.add(train + "reserved=" + reserved);
    settings.add(train + "padTo=" + padTo);
    settings.add(train + "keepCounts=" + keepCounts);
    settings.add(train + "allowMergeableSpecialTokens=" + allowMergeableSpecialTokens);
    settings.add(JobReader.texts(train + "counts", counts));
    settings.add(train + "countWeights=" + countWeights);
    CorpusOptions.add(settings, train + "continueFrom", continueFrom);
    settings.add("shards.formats=[]");
    settings.add(JobReader.text("output", output));
    return run(settings);
  }
}
