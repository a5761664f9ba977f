package org.merganser.pipeline.step;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.report.measure.TextSample;

/**
 * A prepared run: all that the job graph carries to workers. Small whatever the corpus: the plans
 * are files. Every local path in it means the same on a worker that was started in another folder.
 *
 * @param job what steps work by, as its user wrote it: what is written into the output must not
 *     depend on where the run was started
 * @param layout of the output folder
 * @param kind what the run does, and with which tokenizer
 * @param table the embedding table that the job names; null without a join, or with a table that is
 *     learned
 * @param excludedIds the ids of documents that are left out; null: none
 */
public record RunSpec(
    Job job,
    OutputLayout layout,
    RunKind kind,
    @Nullable FileRef table,
    @Nullable ExcludedIdFiles excludedIds)
    implements Serializable {

  /**
   * Files of ids.
   *
   * @param sha256 of the ids, whatever their order and files
   */
  public record ExcludedIdFiles(List<InputFile> files, String sha256) implements Serializable {}

  private Object writeReplace() {
    return SentSpec.of(this);
  }

  public TokenizerSource tokenizer() {
    return kind.tokenizer();
  }

  /**
   * Locations of the plans: the units to encode (or only count the tokens of) and the units to
   * count, which may be the same.
   */
  public Set<String> plans() {
    Set<String> plans = new LinkedHashSet<>();
    if (kind instanceof RunKind.OfCorpus run) {
      plans.add(run.plan());
    }
    if (tokenizer() instanceof TokenizerSource.FromText text) {
      plans.add(text.plan());
    }
    return plans;
  }

  /**
   * Locations that every worker of the run must see: the marked folder, the plans, the table it
   * joins, ids.
   */
  public List<String> neededFiles() {
    Stream<String> marker = Stream.of(layout.at(layout.marker()));
    Stream<String> tables = Stream.ofNullable(table).map(FileRef::location);
    Stream<String> ids =
        Stream.ofNullable(excludedIds)
            .flatMap(excluded -> excluded.files().stream())
            .map(InputFile::location);
    return Stream.of(marker, plans().stream(), tables, ids).flatMap(all -> all).toList();
  }

  /** What is measured of the documents for the report of a run that {@link #measures}. */
  public TextSample sample() {
    if (kind instanceof RunKind.Encode encode) {
      return encode.sample();
    }
    throw new IllegalStateException("a run that encodes nothing measures nothing");
  }

  /** Whether statistics are made: of a run that encodes, where the job wants a report. */
  public boolean measures() {
    return job.report().enabled() && kind instanceof RunKind.Encode;
  }

  /** Whether it adds to the state that the output folder is in. */
  public boolean appends() {
    return job.corpus() != null && job.corpus().append();
  }
}
