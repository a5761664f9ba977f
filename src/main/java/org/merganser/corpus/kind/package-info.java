/**
 * What a file is, from its first bytes: which kinds are not text and how each becomes text, and the
 * likely encoding of text that is not UTF-8. Apache Tika and juniversalchardet are used here alone.
 *
 * <p>Start with {@link org.merganser.corpus.kind.FileKindDetector}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.kind;
