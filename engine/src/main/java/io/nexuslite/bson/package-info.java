/**
 * BSON bytes off-heap: views, cursors and writers without garbage, validation, bridges to {@code org.bson}, and key strings.
 *
 * <p>Read {@link io.nexuslite.bson.BsonCursor} first, then {@link io.nexuslite.bson.BsonWriter}. Carriers (view, cursor, writer,
 * validator) are made once, wrapped around memory as often as one likes, and used by one thread at a time. {@code wrap} borrows;
 * only {@link io.nexuslite.bson.GrowableBuffer} owns memory.
 *
 * <p>Invariants:
 * <ol>
 * <li>Memory is native or mapped, never a Java array: accessors see one kind of memory.</li>
 * <li>Bytes from outside pass {@link io.nexuslite.bson.BsonValidator} before anything else walks them. The walkers check
 * bounds all the same, so that bytes which were not validated give a typed error, never a crash or an endless loop.</li>
 * <li>A document has at most {@link io.nexuslite.bson.BsonType#DOCUMENT_SIZE_MAX} bytes and
 * {@link io.nexuslite.bson.BsonType#DEPTH_MAX} levels below its root.</li>
 * <li>Two key strings are equal exactly when MongoDB compares the two values as equal, and sort as MongoDB sorts the
 * values.</li>
 * </ol>
 *
 * <p>May use {@code io.nexuslite.error}, {@code org.bson} and the JDK.
 */
package io.nexuslite.bson;
