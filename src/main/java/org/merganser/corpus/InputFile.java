package org.merganser.corpus;

import java.io.Serializable;

/**
 * A file of the corpus as the plan found it.
 *
 * @param path relative to the root its input names, with {@code /}: what outputs call it
 * @param location where it is opened: a local path or a URI
 * @param size in bytes, compressed
 * @param modified last modification in milliseconds of the epoch: the plan's alone, never in an
 *     output's bytes
 */
public record InputFile(
    String path,
    String location,
    long size,
    long modified,
    CorpusSettings.Format format,
    Compression compression)
    implements Serializable {}
