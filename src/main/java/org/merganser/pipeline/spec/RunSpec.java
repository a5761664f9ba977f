package org.merganser.pipeline.spec;

import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.merganser.corpus.InputFile;
import org.merganser.job.Job;
import org.merganser.output.manifest.Request;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.RunPaths;
import org.merganser.report.measure.TextSample;

/**
 * A prepared run: all data that the job graph carries to workers. It is small for every corpus,
 * because the plans are files. Every local path in it is valid on a worker that was started in
 * another folder.
 *
 * @param job the job as its user wrote it, since the output must not depend on where the run was
 *     started; in a step, only with the keys of the step's stage
 * @param paths of the output folder and of the files of the run
 * @param kind of the run, with its tokenizer
 * @param table the embedding table that the job names; null without a join, or if the table is
 *     learned
 * @param excludedIds the ids of documents that are left out; null for none
 * @param requestBeforeReading the request without the sources that the run has yet to read
 */
public record RunSpec(
    Job job,
    RunPaths paths,
    RunKind kind,
    @Nullable FileRef table,
    @Nullable ExcludedIdFiles excludedIds,
    Request requestBeforeReading)
    implements Serializable {

  /**
   * The files with the ids of documents that are left out.
   *
   * @param files at least one, in the order of the job
   * @param sha256 of the set of ids, independent of their order and their files
   */
  public record ExcludedIdFiles(List<InputFile> files, String sha256) implements Serializable {}

  /** The same run with its files at other paths. */
  public RunSpec withPaths(RunPaths other) {
    return new RunSpec(job, other, kind, table, excludedIds, requestBeforeReading);
  }

  /** The same run with only the keys of the job that a stage declares. */
  public RunSpec seenBy(Stage stage) {
    return new RunSpec(stage.seenBy(job), paths, kind, table, excludedIds, requestBeforeReading);
  }

  /** As {@link RunKind#tokenizer}. */
  public TokenizerSource tokenizer() {
    return kind.tokenizer();
  }

  /**
   * The locations of the plans: of the units to encode (or whose tokens to count), and of the units
   * whose pretokens to count. It is one location if both are the same plan.
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
   * Locations that every worker of the run must be able to read: the marked folder, the plans, the
   * table to join, and the ids.
   */
  public List<String> neededFiles() {
    Stream<String> marker = Stream.of(paths.at(OutputPaths.MARKER));
    Stream<String> tables = Stream.ofNullable(table).map(FileRef::location);
    Stream<String> ids =
        Stream.ofNullable(excludedIds)
            .flatMap(excluded -> excluded.files().stream())
            .map(InputFile::location);
    return Stream.of(marker, plans().stream(), tables, ids).flatMap(all -> all).toList();
  }

  /**
   * The sample of a run that encodes text.
   *
   * @throws IllegalStateException for any other run, which {@link #measures} nothing
   */
  public TextSample sample() {
    if (kind instanceof RunKind.Encode encode) {
      return encode.sample();
    }
    throw new IllegalStateException("a run that encodes nothing measures nothing");
  }

  /** Whether the run writes statistics: it encodes, and the job asks for a report. */
  public boolean measures() {
    return job.report().enabled() && kind instanceof RunKind.Encode;
  }

  /** Whether the job has {@code corpus.append}, so that the output folder keeps its versions. */
  public boolean appends() {
    return job.corpus() != null && job.corpus().append();
  }

  /** As {@link RunKind.Encode#addsTo}. */
  public @Nullable String addsTo() {
    return kind instanceof RunKind.Encode encode ? encode.addsTo() : null;
  }
}
