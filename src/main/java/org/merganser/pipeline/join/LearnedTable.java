package org.merganser.pipeline.join;

import java.io.Serializable;
import org.merganser.pipeline.output.FileRef;

/** The receipt is a location. */
public record LearnedTable(FileRef table, String receipt) implements Serializable {}
