/**
 * Checksums of files and identities.
 *
 * <p>Start with {@link org.merganser.checksum.Sha256}. Uses nothing of the project.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.checksum;
