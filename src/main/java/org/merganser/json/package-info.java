/**
 * The JSON of Merganser's own files, read strictly and written with the same bytes each time. The
 * job file (package {@code job}) and tokenizer.json (package {@code tokenizer.json}) have readers
 * of their own, which name the place of an error.
 *
 * <p>Start with {@link org.merganser.json.Json}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.json;
