package org.merganser.pipeline.join;

import java.io.Serializable;
import org.merganser.pipeline.output.FileRef;

/**
 * A table that was learned.
 *
 * @param receipt location of the receipt of all that was written; empty where the table is no part
 *     of the run's output
 */
public record LearnedTable(FileRef table, String receipt) implements Serializable {}
