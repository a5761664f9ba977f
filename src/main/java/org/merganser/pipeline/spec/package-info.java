/**
 * What a run is, as its job graph carries it to workers: its kind, the source of its tokenizer, and
 * its stages with the keys of the job that decide each.
 *
 * <p>Start with {@link org.merganser.pipeline.spec.Stage}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.spec;
