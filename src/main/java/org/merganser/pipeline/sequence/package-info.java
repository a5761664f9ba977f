/**
 * Sequences, by which a unit's text is read only once: the counting pass keeps the pretokens of
 * each document, and the encoding pass reads these instead of the text.
 *
 * <p>Start with {@link org.merganser.pipeline.sequence.UnitSequences}. Uses {@code pipeline.select}
 * and its dependencies.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.sequence;
