/**
 * How commands are called: help, the options that completion offers, and errors of usage.
 *
 * <p>Start with {@link org.merganser.cli.usage.UsageErrors}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.cli.usage;
