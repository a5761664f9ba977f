/**
 * Bytes of binary formats: a growable array, numbers of variable length, little-endian numbers and
 * words, and the header of a numpy array; and the factors of hashes.
 *
 * <p>Start with {@link org.merganser.binary.ByteBuilder}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.binary;
