/**
 * The stored bytes of files, their decompression member by member, and damage in them.
 *
 * <p>Start with {@link org.merganser.corpus.decode.DecodedInput}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.decode;
