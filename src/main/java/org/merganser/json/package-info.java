/**
 * The JSON of Merganser's own files: {@link org.merganser.json.Json} reads it strictly and writes
 * it with the same bytes each time. {@link org.merganser.json.InvalidValueException} is how records
 * refuse a value; {@link org.merganser.json.Field} says what a key of the job file may be. The job
 * file ({@code job}) and tokenizer.json ({@code tokenizer.json}) are read by readers of their own,
 * which name the place of an error.
 *
 * <p>Imports Jackson alone.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.json;
