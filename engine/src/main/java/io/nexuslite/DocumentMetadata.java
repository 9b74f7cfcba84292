package io.nexuslite;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is stored beside a document.
 *
 * @param created when it was inserted, to the millisecond
 * @param updated when it was last written, to the millisecond
 * @param version 1 for a document that was inserted, one more with each update
 * @param tags in the order given
 * @param expiryOrNull when it expires, or {@code null} for never
 */
public record DocumentMetadata(Instant created, Instant updated, long version, List<String> tags,
        Instant expiryOrNull) {
    public DocumentType type() {
        return expiryOrNull == null ? DocumentType.PERSISTENT : DocumentType.EPHEMERAL;
    }

    /** When it expires; empty for never. */
    public Optional<Instant> expiry() {
        return Optional.ofNullable(expiryOrNull);
    }
}
