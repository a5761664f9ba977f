package org.merganser.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.merganser.job.JobReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** {@code train}: learns a vocabulary, and nothing else. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Learns a vocabulary and writes tokenizer.json and its siblings.",
    footer = {
      "",
      "Example: merganser train --input 'corpus/*.jsonl.zst' --vocab-size 32000 --pattern qwen2 \\",
      "           --normalizer nfc --special-token '<|endoftext|>' --output my-tokenizer"
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private CorpusOptions corpus = new CorpusOptions();

  @Option(names = "--vocab-size", required = true, description = "Ids to make at the most.")
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

  @Option(names = "--limit-alphabet", description = "Keep at most this many single bytes.")
  private @Nullable Integer limitAlphabet;

  @Option(names = "--max-token-length", description = "Longest merged token, exclusive as in HF.")
  private @Nullable Integer maxTokenLength;

  @Option(names = "--max-bytes", description = "Train on about this much text.")
  private @Nullable Long maxBytes;

  @Option(names = "--output", required = true, description = "The folder to write.")
  private String output = "";

  @Mixin private JobRunner runner = new JobRunner();

  @Unmatched private List<String> beamFlags = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    List<String> settings = corpus.settings();
    String train = "tokenizer.train.";
    settings.add(train + "vocabSize=" + vocabSize);
    settings.add(train + "minFrequency=" + minFrequency);
    settings.add(JobReader.texts(train + "specialTokens", specialTokens));
    settings.add(JobReader.texts(train + "addedTokens", addedTokens));
    settings.add(JobReader.text(train + "feed", feed));
    settings.add(JobReader.text(train + "initialAlphabet", initialAlphabet));
    CorpusOptions.addText(settings, train + "pattern", pattern);
    CorpusOptions.addText(settings, train + "family", family);
    CorpusOptions.addText(settings, train + "normalizer", normalizer);
    CorpusOptions.addNumber(settings, train + "limitAlphabet", limitAlphabet);
    CorpusOptions.addNumber(settings, train + "maxTokenLength", maxTokenLength);
    CorpusOptions.addNumber(settings, train + "maxBytes", maxBytes);
    settings.add("shards.formats=[]");
    settings.add(JobReader.text("output", output));
    return runner.run(JobReader.of(settings, "merganser train"), beamFlags, false);
  }
}
