package org.merganser.pipeline.join;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.merganser.embedding.EmbeddedSequenceWriter;
import org.merganser.embedding.FloatType;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.output.ShardSet;
import org.merganser.pipeline.step.Broadcast;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StepFn;

/**
 * Joins shards with the embedding table. The join is a broadcast join: every worker has the table
 * as a flat file on its own disk, and no token is shuffled. The rows of the vocabulary need the
 * counts of all ids. The output sequence needs them too, because a sequence that is too large is
 * refused before it is written. The output elements are locations of receipts.
 */
public final class JoinEmbeddings extends PTransform<PCollection<ShardSet>, PCollection<String>> {
  private final RunSpec spec;
  private final Broadcast<FileRef> tokenizer;

  private final Broadcast<FileRef> table;

  public JoinEmbeddings(RunSpec spec, Broadcast<FileRef> tokenizer, Broadcast<FileRef> table) {
    this.spec = spec;
    this.tokenizer = tokenizer;
    this.table = table;
  }

  @Override
  public PCollection<String> expand(PCollection<ShardSet> shards) {
    List<Job.EmbeddedOutput> output = JobComponents.embeddings(spec.job()).output();
    Broadcast<FileRef> tokenizerRef = tokenizer; // the steps hold these, not this transform
    Broadcast<FileRef> tableRef = table;
    StepFn.Logic<UnitJoiner> pooling =
        (run, context) -> new UnitJoiner(run, tokenizerRef.get(context), tableRef.get(context));
    if (output.equals(List.of(Job.EmbeddedOutput.POOLED))) {
      return joined(shards, pooling, tokenizerRef, tableRef);
    }
    PCollection<FileRef> counts = shards.apply("CountIds", new CountIds(spec, Stage.JOIN, false));
    List<PCollection<String>> receipts = new ArrayList<>();
    if (output.contains(Job.EmbeddedOutput.ROWS)) {
      receipts.add(
          counts
              .apply(
                  "WriteRows",
                  StepFn.of(
                      spec,
                      Stage.JOIN,
                      (run, context) ->
                          new RowsJoiner(run, tokenizerRef.get(context), tableRef.get(context)),
                      RowsJoiner::write,
                      tokenizerRef,
                      tableRef))
              .setCoder(StringUtf8Coder.of()));
    }
    if (output.contains(Job.EmbeddedOutput.SEQUENCE)) {
      Broadcast<FileRef> ids = Broadcast.one("CountsToWorkers", counts);
      StepFn.Logic<UnitJoiner> whereThereIsRoom =
          (run, context) ->
              UnitJoiner.whereThereIsRoom(
                  run, tokenizerRef.get(context), tableRef.get(context), ids.get(context));
      receipts.add(joined(shards, whereThereIsRoom, tokenizerRef, tableRef, ids));
    } else if (output.contains(Job.EmbeddedOutput.POOLED)) {
      receipts.add(joined(shards, pooling, tokenizerRef, tableRef));
    }
    return PCollectionList.of(receipts).apply("EmbeddedReceipts", Flatten.pCollections());
  }

  private PCollection<String> joined(
      PCollection<ShardSet> shards, StepFn.Logic<UnitJoiner> joiner, Broadcast<?>... values) {
    return shards
        .apply("JoinShards", StepFn.of(spec, Stage.JOIN, joiner, UnitJoiner::join, values))
        .setCoder(StringUtf8Coder.of());
  }

  /**
   * @throws RunException when the output sequence would take more than the job allows
   */
  public static void requireRoom(Job.Embeddings embeddings, long tokens, int dim) {
    FloatType type = JobComponents.floatType(embeddings);
    long bytes = Math.multiplyExact(tokens, EmbeddedSequenceWriter.bytesOf(dim, type));
    if (bytes > embeddings.maxSequenceBytes()) {
      throw new RunException(
          String.format(
              Locale.ROOT,
              "embeddings.output: sequence would take %,d bytes (%,d tokens x %d values of %s), more"
                  + " than embeddings.maxSequenceBytes: %d; nothing of it was written: allow it with"
                  + " embeddings.maxSequenceBytes: %d, take f16, or leave sequence out",
              bytes,
              tokens,
              dim,
              type,
              embeddings.maxSequenceBytes(),
              bytes));
    }
  }
}
