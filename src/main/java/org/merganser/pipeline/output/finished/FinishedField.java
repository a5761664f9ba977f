package org.merganser.pipeline.output.finished;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.merganser.pipeline.output.FileLocations;
import org.merganser.pipeline.output.OutputPaths;

/** The fields of {@code run/finished.json}, the record of the run that finished. */
public enum FinishedField {
  /** The fingerprint of the job and its inputs. */
  FINGERPRINT("fingerprint"),

  /** The path of the list of the units to encode, else of those to count; null without both. */
  PLAN("plan"),

  /** The number of units that were encoded; missing if its stage did not begin. */
  UNITS_ENCODED("unitsEncoded"),

  /** The number of units whose shards were kept; missing if its stage did not begin. */
  UNITS_KEPT("unitsKept"),

  /** What the commit changed in the published files. */
  PUBLISHED("published"),

  /** The group field of the job if no document has a group; null otherwise. */
  FIELD_WITHOUT_GROUPS("fieldWithoutGroups"),

  /** The sha256 of the manifest, which names the version. */
  MANIFEST_SHA256("manifestSha256");

  private final String key;

  FinishedField(String key) {
    this.key = key;
  }

  /** The name of the field in the file. */
  public String key() {
    return key;
  }

  /** The value in the record of an output folder; missing without the record or the field. */
  public JsonNode in(FileLocations paths) throws IOException {
    return OutputJson.fields(paths, OutputPaths.FINISHED).path(key);
  }
}
