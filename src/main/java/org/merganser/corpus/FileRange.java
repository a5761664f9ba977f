package org.merganser.corpus;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;

/**
 * The records of a file that begin in {@code [start, end)}, in stored bytes; in Parquet the row
 * groups whose middle is there. A small or compressed file is one range.
 */
public record FileRange(@JsonUnwrapped InputFile file, long start, long end)
    implements Serializable {
  /** The path of the file, with the bounds of the range if it is not the complete file. */
  public String phrase() {
    boolean isComplete = start == 0 && end == file.size();
    return isComplete ? file.path() : file.path() + " [" + start + ", " + end + ")";
  }
}
