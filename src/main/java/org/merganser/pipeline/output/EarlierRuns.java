package org.merganser.pipeline.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.merganser.dataset.Manifest;
import org.merganser.store.FileStore;
import org.merganser.verify.OutputVerification;

/** The finished runs whose shards a job goes on from. */
public final class EarlierRuns {
  private static final String KEY = "shards.from: ";

  private EarlierRuns() {}

  /**
   * The outputs of these runs.
   *
   * @throws RunException for a run without shards; and where there are several, for one that is
   *     damaged or named twice, or has another tokenizer, or another token at the end of documents,
   *     than the first
   */
  public static List<OutputLayout> of(List<String> folders) throws IOException {
    List<OutputLayout> runs = new ArrayList<>();
    Map<String, String> seen = new HashMap<>();
    for (String folder : folders) {
      OutputLayout run = OutputLayout.of(folder, false);
      FinishedOutput.manifest(run); // refuses a folder without one
      if (FinishedOutput.shards(run).isEmpty()) {
        throw new RunException(
            KEY + folder + ": that run made no shards, so there is nothing to go on from");
      }
      String other = seen.put(FileStore.of(folder).resolved(folder), folder);
      if (other != null) {
        throw new RunException(
            KEY + folder + (other.equals(folder) ? " is named twice" : " is the folder " + other));
      }
      runs.add(run);
    }
    if (runs.size() > 1) {
      for (OutputLayout run : runs) {
        requireLike(runs.get(0), run);
        requireWhole(run);
      }
    }
    return runs;
  }

  private static void requireLike(OutputLayout first, OutputLayout run) throws IOException {
    Manifest expected = FinishedOutput.manifest(first);
    Manifest manifest = FinishedOutput.manifest(run);
    if (!manifest.tokenizerSha256().equals(expected.tokenizerSha256())) {
      throw new RunException(
          (KEY
                  + "%s was made with the tokenizer of sha256 %s, and %s with that of %s; the same"
                  + " id means another text in each: encode one corpus anew with the tokenizer of"
                  + " the other (tokenizer.load)")
              .formatted(
                  run.root(),
                  manifest.tokenizerSha256(),
                  first.root(),
                  expected.tokenizerSha256()));
    }
    if (!end(manifest).equals(end(expected))) {
      throw new RunException(
          (KEY
                  + "documents of %s end with %s, and those of %s with %s (shards.endOfDocument);"
                  + " encode one corpus anew with the token of the other")
              .formatted(run.root(), end(manifest), first.root(), end(expected)));
    }
  }

  /** What stands behind each document, as JSON. */
  private static String end(Manifest manifest) {
    JsonNode end = manifest.job().path("shards").path("endOfDocument");
    return end.isTextual() ? end.toString() : "nothing";
  }

  private static void requireWhole(OutputLayout run) throws IOException {
    List<OutputVerification.Finding> findings;
    if (FileStore.isLocal(run.root())) {
      findings = OutputVerification.verify(FileStore.localPath(run.root()), false);
    } else {
      try (StoredOutput files = new StoredOutput(run)) {
        findings = OutputVerification.check(files, false).findings();
      }
    }
    if (!findings.isEmpty()) {
      OutputVerification.Finding finding = findings.get(0);
      throw new RunException(
          (KEY
                  + "%s is damaged: %s: %s: %s; merganser verify lists all that is wrong, and running"
                  + " that job again mends it")
              .formatted(run.root(), finding.where(), finding.what(), finding.detail()));
    }
  }
}
