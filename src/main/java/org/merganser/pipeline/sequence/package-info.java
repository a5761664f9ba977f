/**
 * Units whose text is read once: the pass that counts pretokens keeps which pretokens the documents
 * of a unit are made of, and the pass that encodes takes them from there.
 *
 * <p>Start with {@link org.merganser.pipeline.sequence.UnitSequences}. Uses {@code pipeline.select}
 * and what that uses.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.sequence;
