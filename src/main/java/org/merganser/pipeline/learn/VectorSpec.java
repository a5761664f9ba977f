package org.merganser.pipeline.learn;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.WrittenFile;
import org.merganser.job.Job;
import org.merganser.learn.vector.VectorSettings;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.RunFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.tokenizer.Tokenizer;

/**
 * What vectors are learned and where they go.
 *
 * @param layout of the run whose shards they are learned from
 * @param endOfDocument the token that ends the documents of the shards, or null
 * @param table location of a table outside of the run's output; null: it is part of that output
 */
public record VectorSpec(
    OutputLayout layout,
    VectorSettings settings,
    @Nullable String endOfDocument,
    @Nullable String table)
    implements Serializable {

  /** What a run's job says. */
  public static VectorSpec of(RunSpec spec) {
    Job.LearnedVectors learn = JobComponents.learnedVectors(spec.job());
    return new VectorSpec(
        spec.layout(), settings(learn), spec.job().shards().endOfDocument(), null);
  }

  static VectorSettings settings(Job.LearnedVectors learn) {
    return new VectorSettings(
        learn.dim(),
        learn.window(),
        learn.contexts(),
        learn.maxPairs(),
        learn.shift(),
        learn.seed());
  }

  /** The id that ends documents, or -1. */
  int endOfDocument(Tokenizer tokenizer) {
    return endOfDocument == null ? -1 : tokenizer.id(endOfDocument);
  }

  /** What every worker must see. */
  public RunFiles files() {
    return RunFiles.of(layout, List.of());
  }

  /** A reference to a file of the run's output. */
  FileRef ref(WrittenFile file) {
    return new FileRef(layout.at(file.path()), file.sha256());
  }
}
