/**
 * Sequences: what the counting pass keeps of a unit, so that the encoding pass does not read its
 * text again.
 *
 * <p>Start with {@link org.merganser.pipeline.sequence.UnitSequences}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.sequence;
