package org.merganser.pipeline.join;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.FirstComponent;
import org.merganser.embedding.PooledWriter;
import org.merganser.embedding.Pooling;
import org.merganser.job.Job;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.output.RunException;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.store.CheckedFile;
import org.merganser.store.FileStore;

/**
 * What of the join needs all units, on one worker: the rows of the vocabulary, the documents that
 * lie in several units, and the first component of all pooled vectors for training.
 */
final class JoinFinish {
  /**
   * What was done behind the join of all units.
   *
   * @param receipts locations of all receipts of the join, those of the units too
   * @param component location of the first component that pooled vectors still hold, or null
   */
  record JoinedRun(ArrayList<String> receipts, @Nullable String component)
      implements Serializable {}

  private final RunSpec spec;
  private final FileRef ref;
  private final JoinInputs inputs;
  private final Job.Embeddings embeddings;
  private final EmbeddingTable table;

  JoinFinish(RunSpec spec, FileRef ref, JoinInputs inputs) {
    this.spec = spec;
    this.ref = ref;
    this.inputs = inputs;
    this.embeddings = JobComponents.embeddings(spec.job());
    this.table = WorkerTables.get(inputs.table());
  }

  JoinedRun finish(List<JoinedUnit> joined) throws IOException {
    JoinedRun run = combine(joined);
    StageMeter.of(spec.layout(), Stage.JOIN).stepsDone(1);
    return run;
  }

  private JoinedRun combine(List<JoinedUnit> joined) throws IOException {
    List<JoinedUnit> units = new ArrayList<>(joined);
    units.sort(Comparator.comparingInt(JoinedUnit::unit));
    ArrayList<String> receipts = new ArrayList<>();
    units.forEach(unit -> receipts.add(unit.receipt()));
    if (embeddings.output().contains(Job.EmbeddedOutput.ROWS)) {
      receipts.add(new RowsJoiner(spec, ref, inputs).write());
    }
    if (!embeddings.output().contains(Job.EmbeddedOutput.POOLED)) {
      return new JoinedRun(receipts, null);
    }
    PartialDocumentSums parts = new PartialDocumentSums();
    for (JoinedUnit unit : units) {
      String at = unit.parts();
      if (at != null) {
        byte[] bytes = CheckedFile.find(at);
        if (bytes == null) {
          throw new RunException(at + ": was damaged since it was written; run again");
        }
        parts.addAll(bytes);
      }
    }
    double[] component = null;
    String componentAt = null;
    if (JobComponents.removesComponent(embeddings)) {
      component = component(units, parts);
      byte[] bytes = bytes(component);
      componentAt =
          spec.layout()
              .at(
                  spec.layout()
                      .component(Fingerprint.of("component", sums(units), inputs.toString())));
      FileStore.of(componentAt).publish(componentAt, out -> out.write(bytes));
    }
    if (!parts.isEmpty()) {
      receipts.add(combine(parts, component));
    }
    return new JoinedRun(receipts, componentAt);
  }

  private static List<String> sums(List<JoinedUnit> units) throws IOException {
    List<String> sums = new ArrayList<>();
    for (JoinedUnit unit : units) {
      String raw = unit.raw();
      if (raw != null) {
        Receipts.read(raw).files().forEach(file -> sums.add(file.sha256()));
      }
    }
    return sums;
  }

  private double[] component(List<JoinedUnit> units, PartialDocumentSums parts) throws IOException {
    try (FirstComponent component = new FirstComponent(LocalFiles.scratch(), table.dim())) {
      for (JoinedUnit unit : units) {
        String raw = unit.raw();
        if (raw == null) {
          continue;
        }
        for (WrittenFile file : Receipts.read(raw).files()) {
          if (!OutputLayout.isValidation(file.path())) {
            component.addAll(LocalFiles.of(spec.layout().at(file.path())));
          }
        }
      }
      Pooling pooling = UnitJoiner.pooling(spec, ref, inputs, table);
      parts.combine(false, pooling, table.dim(), (docId, vector) -> component.add(vector));
      return component.compute();
    }
  }

  /** Documents with parts in several units get files of their own, behind those of all units. */
  private String combine(PartialDocumentSums parts, double @Nullable [] component)
      throws IOException {
    List<WrittenFile> files = new ArrayList<>();
    Pooling pooling = UnitJoiner.pooling(spec, ref, inputs, table);
    for (boolean validation : new boolean[] {false, true}) {
      String path = spec.layout().pooled(validation, OutputLayout.AFTER_ALL_UNITS, 0);
      String location = spec.layout().at(path);
      try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
        long documents = write(parts, validation, pooling, component, draft.file());
        if (documents > 0) {
          files.add(WrittenFile.of(draft.file(), path, documents, 0));
          draft.publish();
        }
      }
    }
    String fingerprint = Fingerprint.of("parts", ref.sha256(), table.sha256(), files);
    Receipts.publish(
        spec.layout(), OutputLayout.AFTER_ALL_UNITS, "pooled", fingerprint, files, null);
    return spec.layout().at(UnitReceipt.path(fingerprint, OutputLayout.AFTER_ALL_UNITS));
  }

  private long write(
      PartialDocumentSums parts,
      boolean validation,
      Pooling pooling,
      double @Nullable [] component,
      Path file)
      throws IOException {
    try (PooledWriter out = new PooledWriter(file, UnitJoiner.metadata(ref, table))) {
      return parts.combine(
          validation,
          pooling,
          table.dim(),
          (docId, vector) -> {
            if (component != null) {
              FirstComponent.remove(component, vector, embeddings.normalize());
            }
            out.write(docId, vector);
          });
    }
  }

  private static byte[] bytes(double[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(8 * values.length);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (double value : values) {
        out.writeDouble(value);
      }
    }
    return bytes.toByteArray();
  }

  /** A component that {@link #finish} published. */
  static double[] readComponent(String location) throws IOException {
    byte[] bytes = FileStore.of(location).readAll(location);
    double[] values = new double[bytes.length / 8];
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readDouble();
      }
    }
    return values;
  }
}
