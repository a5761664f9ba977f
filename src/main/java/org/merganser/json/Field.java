package org.merganser.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key of the job file: what its record component's type does not say. What it means is in the
 * resource {@code job/keys.yaml}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {

  /** What the keys of a record decide that do not say it themselves. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Keys {
    Decides[] value();
  }

  /**
   * What the key decides; by default as {@link Keys} of its record says. A section that is always
   * there decides nothing: its keys do.
   */
  Decides[] decides() default {};

  /**
   * Whether a job may add to the list, have the section, or turn the switch on where an earlier job
   * did not, without a change of a published file.
   */
  boolean grows() default false;

  /**
   * The value of an absent key, as YAML. Where it is not declared, a nullable key is null, a
   * section has the defaults of its keys, and any other key must be given.
   */
  String byDefault() default "";

  long min() default Long.MIN_VALUE;

  long max() default Long.MAX_VALUE;

  /** Of real numbers. */
  double least() default Double.NEGATIVE_INFINITY;

  /** Of real numbers. */
  double most() default Double.POSITIVE_INFINITY;

  /** Enums whose constants name values of a string that may also have others. */
  Class<? extends Spelled>[] known() default {};

  /** Whether a list of one may be given as its only element. */
  boolean orOne() default false;

  /**
   * Whether an element of a list, a section, may be given as the value of its first key alone, and
   * a list of one as its only element.
   */
  boolean orFirstKey() default false;

  /**
   * Whether the text, or each text of the list, is the location of a file or folder: a local path,
   * which may be relative to the folder that the process was started in, or a URI.
   */
  boolean isLocation() default false;
}
