/**
 * The request of a run and its name, and the record of the run that began last.
 *
 * <p>Start with {@link org.merganser.pipeline.request.RequestStatus}.
 */
@org.jspecify.annotations.NullMarked
package org.merganser.pipeline.request;
