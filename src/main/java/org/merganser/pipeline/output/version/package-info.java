/**
 * The versions of an output folder: the kept ones, the one that waits for its commit, the lock, and
 * which files may be deleted.
 *
 * <p>Start with {@link org.merganser.pipeline.output.version.OutputVersions}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.output.version;
