package org.merganser.job.key;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.merganser.json.NamedInFile;

/**
 * Declares that a component of a record is a key of the job file, and what its type does not say.
 * What the key means is in the resource {@code job/keys.yaml}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface JobKey {
  /** The roles of the record's keys that declare none. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface Roles {
    /** The roles, in any order. */
    KeyRole[] value();
  }

  /**
   * What the key decides; by default as {@link Roles} of its record declares. A section that always
   * exists decides nothing: its keys do.
   */
  KeyRole[] decides() default {};

  /**
   * Whether a job may add to the list, add the section, or turn the switch on without changing a
   * published file of an earlier job.
   */
  boolean grows() default false;

  /**
   * The value of an absent key, as YAML. By default a nullable key is null, a section has the
   * defaults of its keys, and any other key is required.
   */
  String byDefault() default "";

  /** The smallest allowed value of an integer, or of each integer of a list. */
  long min() default Long.MIN_VALUE;

  /** The largest allowed value of an integer, or of each integer of a list. */
  long max() default Long.MAX_VALUE;

  /** The smallest allowed value of a number that may have a fraction, also in a map. */
  double minReal() default Double.NEGATIVE_INFINITY;

  /** The largest allowed value of a number that may have a fraction, also in a map. */
  double maxReal() default Double.POSITIVE_INFINITY;

  /** Enums whose constants are known values of a string that may have other values. */
  Class<? extends NamedInFile>[] known() default {};

  /** Whether a list of one element may be written as the element, without brackets. */
  boolean orOne() default false;

  /**
   * Whether an element of a list of sections may be written as the value of its first key, and a
   * list of one element as the element.
   */
  boolean orFirstKey() default false;

  /**
   * Whether the text, or each text of the list, is the location of a file or folder: a local path
   * or a URI. {@code job.Locations} resolves a relative path.
   */
  boolean isLocation() default false;

  /** Whether a location may be a glob, and a folder means the files in it. */
  boolean isGlob() default false;
}
