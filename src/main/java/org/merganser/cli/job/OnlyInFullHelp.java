package org.merganser.cli.job;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an option that {@code --help} leaves out, and {@code --help --all} shows. {@link KeyOption}
 * has a component for the same.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface OnlyInFullHelp {}
