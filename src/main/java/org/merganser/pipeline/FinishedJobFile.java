package org.merganser.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.merganser.job.JobWriter;
import org.merganser.output.manifest.Manifest;
import org.merganser.pipeline.output.OutputPaths;
import org.merganser.pipeline.output.finished.FinishedOutput;
import org.merganser.pipeline.request.RunRecord;

/** The job file that writes a finished output again. */
public final class FinishedJobFile {
  private FinishedJobFile() {}

  /**
   * The text of the file: the keys without their defaults, and in comments the names of request and
   * data and the folder of relative paths.
   *
   * @throws org.merganser.pipeline.output.RunException if there is no finished run
   */
  public static String text(String output) throws IOException {
    OutputPaths paths = OutputPaths.of(output);
    Manifest manifest = FinishedOutput.at(paths).manifest();
    RunRecord record = RunRecord.find(paths);
    return """
    # The job that made %s (request %s, data %s).
    # Its relative paths begin at %s: save it there. Add the key output.
    %s\
    """
        .formatted(
            output,
            manifest.request().sha256(),
            manifest.data(),
            record == null ? "the folder of the first job file" : record.folder(),
            JobWriter.shortYaml((ObjectNode) manifest.job()));
  }
}
