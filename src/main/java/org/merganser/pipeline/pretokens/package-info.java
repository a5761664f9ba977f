/**
 * Kept pretokens: what the counting pass keeps of a unit, in {@code run/sequences}, so that the
 * encoding pass does not read its text again.
 *
 * <p>Start with {@link org.merganser.pipeline.pretokens.KeptPretokens}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.pretokens;
