package org.merganser.pipeline.output;

import java.io.Serializable;

/**
 * A published file, as it travels between stages.
 *
 * @param sha256 lower-case hex
 */
public record FileRef(String location, String sha256) implements Serializable {}
