/**
 * The general path for regular expressions in Oniguruma's syntax: an automaton that is built lazily
 * and takes linear time, and a backtracking matcher for what no automaton can express. Split
 * patterns and Replace patterns go through it; the well-known split patterns have hand-written
 * scanners in {@code text.scan}.
 *
 * <p>Start with {@link org.merganser.text.regex.CompiledRegex}. Uses {@code text.regex.parse},
 * {@code text.unicode} and {@code json}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.text.regex;
