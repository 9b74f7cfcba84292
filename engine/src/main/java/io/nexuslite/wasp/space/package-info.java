/**
 * The database file: its identity, its manifests, who owns it, and which page belongs to whom.
 *
 * <p>Read {@link io.nexuslite.wasp.space.ManifestStore} first, then {@link io.nexuslite.wasp.space.SpaceMap}. Invariants:
 * <ol>
 * <li>S1: no page that one of the two newest durable manifests names is written again.
 * <li>S2: each page of the file is reachable, free, pending, or in the reserve: exactly one of them, as each manifest tells it.
 * <li>S3: a slot is written only after a successful flush of all pages it names.
 * </ol>
 *
 * <p>May use {@code .format}, {@code .io}, {@code .memory} and {@code .error}.
 */
package io.nexuslite.wasp.space;
