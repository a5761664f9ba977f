/**
 * Fields of a record: the paths and templates that name them, and their search in the bytes of JSON
 * and CSV.
 *
 * <p>Start with {@link org.merganser.corpus.field.FieldTemplate}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.corpus.field;
