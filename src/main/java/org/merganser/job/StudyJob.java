package org.merganser.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several vocabularies that are learned and compared.
 *
 * @param arms at least one, in the order in which they are shown
 * @param dim floats a row of the embedding table that they are for; null: not said
 * @param output the folder that the study writes
 */
public record StudyJob(List<Arm> arms, @Nullable Integer dim, String output) {
  /**
   * One of the vocabularies.
   *
   * @param name of the folder below the output, of letters, digits, points and hyphens
   * @param learning the same for vocabularies that differ in their size alone
   * @param source the job that learns it and encodes nothing, with the study's output
   */
  public record Arm(String name, String learning, JobSource source) {
    /** How it is learned. */
    public TrainSection train() {
      Job.TokenizerChoice tokenizer = source.job().tokenizer();
      TrainSection train = tokenizer == null ? null : tokenizer.train();
      if (train == null) {
        throw new IllegalStateException(name + " is not learned");
      }
      return train;
    }
  }

  static StudyJob of(List<Arm> arms, @Nullable JsonNode dim) {
    return new StudyJob(
        List.copyOf(arms),
        dim == null || dim.isNull() ? null : (Integer) dim.intValue(),
        arms.get(0).source().job().output());
  }
}
