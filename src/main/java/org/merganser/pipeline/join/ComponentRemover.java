package org.merganser.pipeline.join;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.dataset.UnitReceipt;
import org.merganser.dataset.WrittenFile;
import org.merganser.embedding.EmbeddingTable;
import org.merganser.embedding.FirstComponent;
import org.merganser.embedding.PooledReader;
import org.merganser.embedding.PooledWriter;
import org.merganser.pipeline.output.FileRef;
import org.merganser.pipeline.output.Fingerprint;
import org.merganser.pipeline.output.OutputLayout;
import org.merganser.pipeline.output.Receipts;
import org.merganser.pipeline.step.JobComponents;
import org.merganser.pipeline.step.LocalFiles;
import org.merganser.pipeline.step.RunSpec;
import org.merganser.pipeline.step.Stage;
import org.merganser.pipeline.step.StageMeter;
import org.merganser.pipeline.step.WorkerTables;
import org.merganser.store.FileStore;

/** Takes the first component out of the pooled vectors of a unit: the last step of sif. */
final class ComponentRemover {
  private final RunSpec spec;
  private final FileRef ref;
  private final EmbeddingTable table;
  private final double[] component;

  /**
   * @param component location of what {@link JoinFinish} found
   */
  ComponentRemover(RunSpec spec, FileRef ref, FileRef table, String component) throws IOException {
    this.spec = spec;
    this.ref = ref;
    this.table = WorkerTables.get(table);
    this.component = JoinFinish.readComponent(component);
  }

  /** Writes the pooled files of a unit from the raw ones; returns the location of its receipt. */
  String remove(String rawReceipt) throws IOException {
    String receipt = removed(rawReceipt);
    StageMeter.of(spec.layout(), Stage.JOIN).stepsDone(1);
    return receipt;
  }

  private String removed(String rawReceipt) throws IOException {
    OutputLayout layout = spec.layout();
    UnitReceipt raw = Receipts.read(rawReceipt);
    boolean normalize = JobComponents.embeddings(spec.job()).normalize();
    String fingerprint =
        Fingerprint.of(
            "pooled", raw.fingerprint(), raw.files(), normalize, List.of(boxed(component)));
    String at = layout.at(UnitReceipt.path(fingerprint, raw.unit()));
    if (Receipts.find(layout, fingerprint, raw.unit()) != null) {
      return at;
    }
    List<WrittenFile> files = new ArrayList<>();
    for (WrittenFile file : raw.files()) {
      String path = layout.pooledOfRaw(file.path());
      String location = layout.at(path);
      try (FileStore.Draft draft = FileStore.of(location).draft(location)) {
        try (PooledReader in = new PooledReader(LocalFiles.of(layout.at(file.path())));
            PooledWriter out = new PooledWriter(draft.file(), UnitJoiner.metadata(ref, table))) {
          while (in.next()) {
            FirstComponent.remove(component, in.vector(), normalize);
            out.write(in.docId(), in.vector());
          }
        }
        files.add(WrittenFile.of(draft.file(), path, file.documents(), 0));
        draft.publish();
      }
    }
    Receipts.publish(layout, raw.unit(), "pooled", fingerprint, files, null);
    return at;
  }

  private static Double[] boxed(double[] values) {
    Double[] boxed = new Double[values.length];
    for (int i = 0; i < values.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }
}
