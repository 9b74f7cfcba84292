/**
 * The exceptions of NexusLite: one class for each thing a caller would do differently.
 *
 * <p>All are unchecked and extend {@link io.nexuslite.error.NexusLiteException}. Facts (file, position, line, field) are
 * getters, so that nobody has to parse a message. Messages never hold the content of a document.
 * Read {@code NexusLiteException} first. This package uses nothing but the JDK.
 */
package io.nexuslite.error;
