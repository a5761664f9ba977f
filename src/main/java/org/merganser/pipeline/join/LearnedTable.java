package org.merganser.pipeline.join;

import java.io.Serializable;
import org.merganser.pipeline.output.FileRef;

/**
 * A table that this run learned.
 *
 * @param receipt location of its receipt
 */
public record LearnedTable(FileRef table, String receipt) implements Serializable {}
