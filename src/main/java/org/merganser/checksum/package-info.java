/**
 * Checksums of files and identities.
 *
 * <p>Start with {@link org.merganser.checksum.Sha256}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.checksum;
