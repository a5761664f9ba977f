package org.merganser.pipeline;

import java.io.Serializable;

/**
 * A published file, as it travels between stages.
 *
 * @param sha256 lower-case hex
 */
record FileRef(String location, String sha256) implements Serializable {}
