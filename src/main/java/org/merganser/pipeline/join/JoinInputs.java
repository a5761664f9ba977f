package org.merganser.pipeline.join;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.merganser.checksum.Sha256;
import org.merganser.dataset.IdHistogram;
import org.merganser.embedding.FloatType;
import org.merganser.embedding.SequenceWriter;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.store.FileStore;

/**
 * What the join of any unit depends on beside its shards: the table, the counts of all ids, and
 * which documents have parts in several units.
 *
 * @param table the embedding table
 * @param counts location of how often each id occurs in all units
 * @param countsSha256 of that file
 * @param continuedTraining documents that some unit's shards begin in the middle of
 * @param continuedValidation the same of the shards for validation
 */
public record JoinInputs(
    FileRef table,
    String counts,
    String countsSha256,
    ArrayList<String> continuedTraining,
    ArrayList<String> continuedValidation)
    implements Serializable {

  /**
   * @throws RunException when the output sequence would take more than the job allows
   */
  static JoinInputs of(RunSpec spec, List<UnitJoinInputs> units, FileRef table) throws IOException {
    List<UnitJoinInputs> sorted = new ArrayList<>(units);
    sorted.sort(Comparator.comparingInt(unit -> unit.shards().unit()));
    IdHistogram sum = new IdHistogram();
    TreeSet<String> training = new TreeSet<>();
    TreeSet<String> validation = new TreeSet<>();
    for (UnitJoinInputs unit : sorted) {
      String at = unit.histogram();
      sum.add(IdHistogram.read(FileStore.of(at).readAll(at), at));
      if (unit.trainingHead() != null) {
        training.add(unit.trainingHead());
      }
      if (unit.validationHead() != null) {
        validation.add(unit.validationHead());
      }
    }
    Job.Embeddings embeddings = JobComponents.embeddings(spec.job());
    if (embeddings.output().contains(Job.EmbeddedOutput.SEQUENCE)) {
      requireRoom(embeddings, sum.total(), WorkerTables.get(table).dim());
    }
    byte[] bytes = sum.toBytes();
    String sha256 = Sha256.of(bytes);
    String location = spec.layout().at(spec.layout().joinCounts(sha256));
    FileStore.of(location).publish(location, out -> out.write(bytes));
    return new JoinInputs(
        table, location, sha256, new ArrayList<>(training), new ArrayList<>(validation));
  }

  /** Refuses a sequence that would be larger than the job allows. */
  public static void requireRoom(Job.Embeddings embeddings, long tokens, int dim) {
    FloatType type = JobComponents.floatType(embeddings);
    long bytes = Math.multiplyExact(tokens, SequenceWriter.bytesOf(dim, type));
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

  IdHistogram histogram() throws IOException {
    return IdHistogram.read(FileStore.of(counts).readAll(counts), counts);
  }
}
