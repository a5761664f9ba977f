/**
 * What all messages share: values in one locale, counts with their noun, short names, commands that
 * a user can type, and the version of this program.
 *
 * <p>Start with {@link org.merganser.message.Phrase}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.message;
