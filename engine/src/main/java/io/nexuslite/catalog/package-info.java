/**
 * Which collections there are: names to trees and options, kept in a keyed tree of the storage engine.
 *
 * <p>Read {@link io.nexuslite.catalog.Catalog} first. A record's key is a kind byte and the name in UTF-8; its value is a BSON
 * document. Fields that this build does not know are kept when a record is written again.
 *
 * <p>May use {@code .store}, {@code .bson} and {@code .error}.
 */
package io.nexuslite.catalog;
