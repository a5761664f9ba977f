package org.merganser.pipeline;

import java.util.List;
import java.util.Locale;
import org.merganser.corpus.FileRange;
import org.merganser.corpus.WorkUnit;
import org.merganser.job.Job;
import org.merganser.job.JobWriter;
import org.merganser.layout.ShardFormat;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LayoutPlan;
import org.merganser.pipeline.step.RunKind;
import org.merganser.pipeline.step.TokenizerSource;
import org.merganser.report.Plural;

/** What {@code --explain} prints: the resolved job, the stages and the units. */
final class Explanation {
  /** Units listed one by one; a longer plan is summed up. */
  private static final int LISTED_UNITS = 40;

  private Explanation() {}

  static String of(PreparedRun run, SpaceEstimate space) {
    StringBuilder text = new StringBuilder();
    Job job = run.spec().job();
    text.append("# the job, with every default\n").append(JobWriter.yaml(job));
    text.append("\n# stages\n");
    Job.Corpus corpus = job.corpus();
    if (corpus != null && corpus.choice().deduplicate() == Job.Deduplicate.EXACT) {
      text.append("find duplicates: reads all once more, before the other stages\n");
    }
    TokenizerSource tokenizer = run.spec().tokenizer();
    if (tokenizer instanceof TokenizerSource.FromText) {
      boolean byGroup = JobComponents.train(job).countsByGroup();
      text.append(
              byGroup
                  ? "count pretokens by group, learn merges: "
                  : "count pretokens, learn merges: ")
          .append(size(run.trainingUnits()))
          .append('\n');
      if (JobComponents.train(job).superwords() != null) {
        text.append("count pairs of words, count runs of words, learn merges across words: read")
            .append(" all twice more\n");
      }
    } else if (tokenizer instanceof TokenizerSource.Loaded) {
      text.append("tokenizer: loaded\n");
    } else if (tokenizer instanceof TokenizerSource.Ready) {
      text.append("tokenizer: there already, of this job and input\n");
    }
    if (run.spec().kind() instanceof RunKind.Encode) {
      text.append("encode: ").append(size(run.units())).append('\n');
    } else if (run.spec().kind() instanceof RunKind.CountTokens) {
      text.append("count tokens: ").append(size(run.units())).append('\n');
    }
    if (job.shards().folders().partitionBy() != null) {
      text.append("folders of groups: by ")
          .append(job.shards().folders().partitionBy())
          .append(", at most ")
          .append(job.shards().folders().partition().maxGroups())
          .append('\n');
    }
    appendLayouts(new LayoutPlan(job), text);
    if (job.embeddings() != null) {
      Job.Embeddings embeddings = job.embeddings();
      String table = embeddings.table();
      text.append(table == null ? "learn vectors\n" : "")
          .append("join embeddings: ")
          .append(table == null ? "the learned table" : table)
          .append('\n');
      if (embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)) {
        text.append("  sequence: dim x ")
            .append(JobComponents.floatType(embeddings).bytes())
            .append(" bytes a token, refused above ")
            .append(String.format(Locale.ROOT, "%,d", embeddings.maxSequenceBytes()))
            .append(" in all before any is written\n");
      }
    }
    if (job.learn() != null) {
      text.append("learn n-grams: of up to ").append(job.learn().ngrams()).append(" ids\n");
    }
    text.append("\n# space\n").append(space.explanation());
    List<WorkUnit> units = run.units().isEmpty() ? run.trainingUnits() : run.units();
    text.append("\n# units\n");
    units.stream().limit(LISTED_UNITS).forEach(unit -> append(unit, text));
    if (units.size() > LISTED_UNITS) {
      text.append("… and ").append(units.size() - LISTED_UNITS).append(" more\n");
    }
    return text.toString();
  }

  private static void appendLayouts(LayoutPlan plan, StringBuilder text) {
    if (plan.packs()) {
      text.append("pack sequences: of ").append(plan.sequenceLength()).append(" ids\n");
    }
    if (plan.shuffles()) {
      text.append("shuffle ")
          .append(plan.shufflesSequences() ? "sequences" : "documents")
          .append(": seed ")
          .append(plan.seed())
          .append('\n');
    }
    for (ShardFormat format : plan.formats()) {
      text.append("make layout: ").append(plan.folder(ShardSet.TRAINING, format)).append('\n');
    }
  }

  private static String size(List<WorkUnit> units) {
    long files =
        units.stream()
            .flatMap(unit -> unit.ranges().stream())
            .map(range -> range.file().path())
            .distinct()
            .count();
    return "%s, %s, %s as stored"
        .formatted(
            Plural.of(units.size(), "unit"),
            Plural.of(files, "file"),
            Plural.of(units.stream().mapToLong(WorkUnit::bytes).sum(), "byte"));
  }

  private static void append(WorkUnit unit, StringBuilder text) {
    text.append(String.format(Locale.ROOT, "unit %d: %,d bytes\n", unit.number(), unit.bytes()));
    for (FileRange range : unit.ranges()) {
      text.append("  ").append(range.file().path());
      if (range.start() != 0 || range.end() != range.file().size()) {
        text.append(" [").append(range.start()).append(", ").append(range.end()).append(')');
      }
      text.append(
          String.format(
              Locale.ROOT,
              " (%s, %s)\n",
              range.file().format().name().toLowerCase(Locale.ROOT),
              range.file().compression().name().toLowerCase(Locale.ROOT)));
    }
  }
}
