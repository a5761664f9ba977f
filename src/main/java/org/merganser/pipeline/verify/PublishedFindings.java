package org.merganser.pipeline.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.merganser.job.JobException;
import org.merganser.job.JobReader;
import org.merganser.output.manifest.Manifest;
import org.merganser.output.manifest.Request;
import org.merganser.output.verify.ManifestVerification.Finding;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.output.version.OutputCleaning;
import org.merganser.store.FileStore;
import org.merganser.store.UnusableFileException;

/** Problems of a published version besides those that its manifest shows. */
final class PublishedFindings {
  /** The kind of the finding that a run in {@code shards.from} has other data now: no damage. */
  static final String FROM = "from";

  /** The kind of the finding of a file that no list names. */
  private static final String UNLISTED = "unlisted";

  private final OutputPaths paths;

  /** All findings so far, those of the manifest among them. */
  private final List<Finding> findings;

  private PublishedFindings(OutputPaths paths, List<Finding> findings) {
    this.paths = paths;
    this.findings = findings;
  }

  /**
   * All findings of a published version.
   *
   * @param ofManifest the differences from the manifest; of files that no list names, it does not
   *     say whether a run wrote them
   */
  static List<Finding> of(OutputPaths paths, List<Finding> ofManifest) throws IOException {
    List<Finding> findings = new ArrayList<>(ofManifest);
    PublishedFindings found = new PublishedFindings(paths, findings);
    found.checkManifest();
    found.explainUnlisted();
    found.checkJob();
    if (findings.isEmpty()) {
      found.checkSourcesOfShards();
    }
    return findings;
  }

  /**
   * Checks that the manifest is that of the last run. Its finding comes before those of files,
   * since a wrong manifest may list wrong ones.
   */
  private void checkManifest() throws IOException {
    if (!FinishedOutput.at(paths).isManifestUnchanged()) {
      findings.add(
          0,
          new Finding("sha256", Manifest.FILE, "was changed since the run finished; run it again"));
    }
  }

  /**
   * Replaces the finding of each file that no list names by one that says whether a run wrote it.
   */
  private void explainUnlisted() throws IOException {
    OutputCleaning cleaning = new OutputCleaning(paths);
    for (int i = 0; i < findings.size(); i++) {
      Finding finding = findings.get(i);
      if (finding.what().equals(UNLISTED)) {
        String origin =
            cleaning.mayDelete(finding.where())
                ? "a run wrote it, and the next run deletes it"
                : "no run wrote it: move it out of the folder";
        findings.set(
            i,
            new Finding(
                UNLISTED,
                finding.where(),
                "no manifest names this file, which readers of the folder may take for a part of"
                    + " the dataset; "
                    + origin));
      }
    }
  }

  /** Checks that the job in the manifest can be read: it has no unknown key and no wrong value. */
  private void checkJob() throws IOException {
    try {
      ObjectNode job = FinishedOutput.at(paths).manifest().job().deepCopy();
      JobReader.read(job.put("output", paths.root()), "the job in " + Manifest.FILE, "");
    } catch (JobException e) {
      findings.add(0, new Finding("unreadable", Manifest.FILE, String.valueOf(e.getMessage())));
    } catch (UnusableFileException | FileSystemException listed) {
      // The check of the manifest has found this.
    }
  }

  /** Checks that the runs in {@code shards.from} have the data that this output was made from. */
  private void checkSourcesOfShards() throws IOException {
    Request request = FinishedOutput.at(paths).manifest().request();
    for (int i = 0; i < request.keys().size(); i++) { // no more runs than keys
      String read = request.keys().get("shards.from[" + i + "]");
      String from = FinishedOutput.at(paths).runOfShards(i);
      if (read != null && from != null && FileStore.of(from).exists(from + "/" + Manifest.FILE)) {
        String now = FinishedOutput.at(OutputPaths.of(from)).manifest().data();
        if (!read.equals(now)) {
          String detail = "has the data %s, but this output was made from %s; run its job again";
          findings.add(new Finding(FROM, from, detail.formatted(now, read)));
        }
      }
    }
  }
}
