package org.merganser.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/** Parquet's column readers require a converter, even where the caller reads the values itself. */
final class IgnoringConverter extends GroupConverter {
  private final PrimitiveConverter leaf =
      new PrimitiveConverter() {
        @Override
        public GroupConverter asGroupConverter() {
          return IgnoringConverter.this;
        }
      };

  @Override
  public Converter getConverter(int fieldIndex) {
    return leaf;
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
