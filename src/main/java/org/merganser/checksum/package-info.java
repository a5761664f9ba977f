/**
 * Checksums of what is read and written: {@link org.merganser.checksum.Sha256} is the only one.
 *
 * <p>Imports nothing but Java.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.checksum;
