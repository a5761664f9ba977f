package org.merganser.json;

/** A constant whose name in a JSON or YAML file is not made of the name of the constant. */
public interface Spelled {

  /** The name in the file. */
  String spelled();
}
