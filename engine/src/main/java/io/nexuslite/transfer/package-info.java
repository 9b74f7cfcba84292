/**
 * Import and export: documents from files and streams, and back, with reports.
 *
 * <p>Read {@link io.nexuslite.transfer.Transfer} first. An import reads a {@link io.nexuslite.transfer.DocumentSource} of some
 * {@link io.nexuslite.transfer.Format} into a {@link io.nexuslite.transfer.DocumentSink} of a collection; an export goes the other
 * way. {@link io.nexuslite.transfer.Formats} opens both ends of files and streams; the collection's ends are made by the door,
 * over an {@link io.nexuslite.transfer.ImportTarget}. For single documents there are
 * {@link io.nexuslite.transfer.JsonReader} and {@link io.nexuslite.transfer.JsonWriter}.
 *
 * <p>By format: {@code JsonSource} and {@code JsonParser}; {@code CsvSource}, which finds cells ({@code CsvTokens}), understands names
 * once ({@code ColumnPlan}) and makes documents ({@code CsvRow}, {@code CsvCell}); {@code BsonFileSource}; {@code FrameSource} for the
 * frames of pandas, in two passes over a {@code FrameFile}. Before them stand decompression ({@code StreamCompressor}, a service),
 * {@code WideText} for UTF-16 and UTF-32, and {@code FormatDetector}. Sinks that need two passes put documents into a
 * {@code Spool}.
 *
 * <p>Invariants:
 * <ol>
 * <li>A row that cannot be read is a {@link io.nexuslite.error.RowException} with its place, and the source goes on with the next
 * row wherever it can be found.</li>
 * <li>Memory is bounded by the longest row allowed and the number of columns, whatever the input holds and however it is
 * compressed; in the steady state nothing is allocated.</li>
 * <li>An exported file is there whole, or not at all; what had its name before stays until then.</li>
 * <li>What canonical Extended JSON writes, it reads back to the same bytes, but for the payload of a NaN.</li>
 * </ol>
 *
 * <p>May use {@code .bson}, {@code .io}, {@code .error}, {@code org.bson} and the JDK.
 */
package io.nexuslite.transfer;
