/**
 * Checksums of files, of ranges of files, and of the lines that identify a request or data; hashes
 * of names; and reading a complete file.
 *
 * <p>Start with {@link org.merganser.checksum.Sha256}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.checksum;
