package org.merganser.pipeline.output.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A new file of {@code corpus.append} that lost more records than the job allows, and waits for a
 * later run.
 *
 * @param reason a phrase that continues the name of the file
 * @param letters its first dead letters, in the form of {@link org.merganser.corpus.DeadLetterFile}
 */
public record WaitingFile(String reason, List<JsonNode> letters) {
  /** The maximum number of dead letters of a file that are kept. */
  static final int KEPT_LETTERS = 20;

  /** The maximum bytes that are kept of the record of a dead letter. */
  static final int KEPT_BYTES = 4096;
}
