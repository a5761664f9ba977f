/**
 * Fields of a record: the paths that name them, and finding them in the bytes of a record.
 *
 * <p>Start with {@link org.merganser.corpus.field.JsonRecord}. Uses {@code text}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.field;
