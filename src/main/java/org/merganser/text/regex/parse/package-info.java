/**
 * The syntax of regular expressions: Oniguruma's, parsed to a tree in which classes and case are
 * expanded to sets.
 *
 * <p>Start with {@link org.merganser.text.regex.parse.RegexParser}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.regex.parse;
