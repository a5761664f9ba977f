package org.merganser.pipeline;

import java.io.Serializable;

/**
 * A table that was learned.
 *
 * @param receipt location of the receipt of all that was written; empty where the table is no part
 *     of the run's output
 */
record LearnedTable(FileRef table, String receipt) implements Serializable {}
