/**
 * What describes a finished output as a whole: the manifest with the lists of inputs and outputs,
 * the groups and their weights, and who owns the dataset card.
 *
 * <p>Start with {@link org.merganser.output.manifest.Manifest}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.output.manifest;
