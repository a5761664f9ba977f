package org.merganser.corpus;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.Serializable;

/**
 * A part of a file that a unit reads: the records that begin in {@code [start, end)}; the complete
 * file if it is compressed or small.
 */
public record FileRange(@JsonUnwrapped InputFile file, long start, long end)
    implements Serializable {}
