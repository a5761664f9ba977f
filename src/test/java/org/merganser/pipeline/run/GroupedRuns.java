package org.merganser.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.merganser.bpe.train.TrainedBpe;
import org.merganser.cli.CommandLineRun;
import org.merganser.job.JobReader;
import org.merganser.pipeline.Jobs;
import org.merganser.pipeline.settings.TrainingSettings;
import org.merganser.tokenizer.TokenizerBuilderTest;

/** Runs of the sample job that only learn 420 ids, from texts with groups. */
final class GroupedRuns {
  private GroupedRuns() {}

  /**
   * Settings of such a run, and flags.
   *
   * @param corpus JSON lines; their field {@code lang} is the group
   */
  static String[] settings(Path corpus, List<String> first, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "corpus={inputs: ['" + corpus + "'], format: jsonl}",
                "shards={formats: [], groupBy: lang}",
                "embeddings=null",
                "learn=null",
                "tokenizer.train.vocabSize=420"));
    all.addAll(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** What the job with such settings says of training, for a twin that learns without it. */
  static TrainingSettings training(String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("tokenizer.train.pattern=qwen2");
    all.add("tokenizer.train.normalizer=nfc");
    all.add("tokenizer.train.specialTokens=['<|endoftext|>']");
    all.add("output=unused");
    return TrainingSettings.of(JobReader.of(all, "twin"));
  }

  /** The tokenizer.json that a run learns. */
  static byte[] trained(Path out, String... settings) throws IOException {
    Jobs.sample(out, settings).succeeded();
    return Files.readAllBytes(out.resolve("tokenizer.json"));
  }

  /** The tokenizer.json of what a twin has learned. */
  static byte[] tokenizerJson(TrainedBpe trained, TrainingSettings training) {
    return TokenizerBuilderTest.byteLevel(
            trained,
            training.specialTokens(),
            training.normalizer(),
            training.preTokenizer(),
            training.ignoreMerges())
        .toJson();
  }

  /** The message with which a run fails. */
  static String failure(Path out, String... settings) {
    CommandLineRun ran = Jobs.sample(out, settings);
    assertThat(ran.exitCode()).isNotZero();
    return ran.err();
  }
}
