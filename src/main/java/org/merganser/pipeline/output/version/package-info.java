/**
 * The versions of an output folder: those that are kept, the one that waits for its commit, the
 * lock of the run that writes it, and which files a run may delete.
 *
 * <p>Start with {@link org.merganser.pipeline.output.version.OutputVersions}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output.version;
