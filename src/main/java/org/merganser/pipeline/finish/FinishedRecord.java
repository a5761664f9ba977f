package org.merganser.pipeline.finish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.merganser.json.Json;
import org.merganser.output.OutputListing;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.receipt.UnitReceipt;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedField;
import org.merganser.pipeline.output.receipt.Receipts;
import org.merganser.pipeline.output.version.WaitingVersion;
import org.merganser.pipeline.prepare.PreparedRun;
import org.merganser.pipeline.progress.StageFigures;
import org.merganser.pipeline.request.RunRecord;
import org.merganser.pipeline.spec.Stage;
import org.merganser.store.ChecksummedFile;
import org.merganser.store.FileStore;

/** The record in {@code run/finished.json} of the last run that finished in an output folder. */
final class FinishedRecord {
  private FinishedRecord() {}

  /**
   * Writes the record of a run to the place from which the commit moves it.
   *
   * @param version the version that waits for the commit
   * @param encoding the figures of {@link Stage#ENCODE}
   * @param published what the commit changes
   */
  static void write(
      PreparedRun prepared,
      WaitingVersion version,
      StageFigures encoding,
      PublishedChanges published)
      throws IOException {
    ObjectNode finished = Json.MAPPER.createObjectNode();
    finished.put(FinishedField.FINGERPRINT.key(), prepared.fingerprint());
    RunRecord record = RunRecord.ofActiveRun(version);
    boolean encodesText = record.plan() != null;
    finished.put(FinishedField.PLAN.key(), encodesText ? record.plan() : record.trainingPlan());
    if (encoding.started()) {
      finished.put(FinishedField.UNITS_ENCODED.key(), encoding.get(StageFigures.Figure.UNITS_DONE));
      finished.put(FinishedField.UNITS_KEPT.key(), encoding.get(StageFigures.Figure.UNITS_SKIPPED));
    }
    finished.putPOJO(FinishedField.PUBLISHED.key(), published);
    finished.put(FinishedField.FIELD_WITHOUT_GROUPS.key(), fieldWithoutGroups(prepared));
    finished.put(FinishedField.MANIFEST_SHA256.key(), FileStore.sha256(version.at(Manifest.FILE)));
    ChecksummedFile.publish(
        version.at(OutputPaths.FINISHED), Json.MAPPER.writeValueAsBytes(finished));
  }

  /**
   * The group field of the job if no document has a group; null otherwise, or if a receipt of an
   * earlier run has one, since the receipts in the folder are not told apart here.
   */
  private static @Nullable String fieldWithoutGroups(PreparedRun prepared) throws IOException {
    OutputPaths paths = prepared.paths();
    String field = prepared.spec().job().shards().groupField();
    if (field == null || prepared.units().isEmpty()) {
      return null;
    }
    for (String path : OutputListing.list(paths.root(), OutputPaths.UNITS)) {
      UnitReceipt receipt = path.endsWith(".json") ? Receipts.findReadable(paths.at(path)) : null;
      if (receipt != null && !receipt.groups().isEmpty()) {
        return null;
      }
    }
    return field;
  }
}
