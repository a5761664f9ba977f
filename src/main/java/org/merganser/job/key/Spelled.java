package org.merganser.job.key;

/** A constant whose name in a job file is not made of the name of the constant. */
public interface Spelled {

  String spelled();
}
